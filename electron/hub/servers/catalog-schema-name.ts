/** What a new catalog refers to as `$schema`; lies beside it, so that editors find it without a network. */
export const CATALOG_SCHEMA_NAME = 'mcp-servers.schema.json';
