import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from '../../../shared/contract/contract.ts';
import { ClientView } from '../../../shared/model/client.ts';
import { ERROR_CODES } from '../../../shared/model/error.ts';
import { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { HubStatus } from '../../../shared/model/hub.ts';
import { ToolLatency } from '../../../shared/model/latency.ts';
import { MigrationResult, ParityRow, Plan } from '../../../shared/model/migration.ts';
import { ServerDefinition, ServerView } from '../../../shared/model/server.ts';
import { SessionView } from '../../../shared/model/session.ts';

const ERROR_RESPONSE = {
  description: 'What went wrong and what to do next.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorInfo' } } },
};

/** The REST API in OpenAPI 3.1, made from the contract. */
export async function createOpenApiDocument(version: string): Promise<unknown> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Patchbay',
      version,
      description:
        'The hub’s own API. It listens on loopback only and wants the token of this install. Bodies are JSON, and ' +
        'their content type must say so. Streams are Server-Sent Events.',
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ErrorInfo: {
          type: 'object',
          required: ['code', 'message'],
          properties: {
            code: { type: 'string', enum: [...ERROR_CODES] },
            message: { type: 'string' },
            hint: { type: 'string', description: 'The next action for the person.' },
            path: { type: 'string', description: 'File the error is about.' },
            line: { type: 'integer' },
            column: { type: 'integer' },
          },
        },
      },
    },
    commonSchemas: {
      ClientView: { schema: ClientView },
      Exchange: { schema: Exchange },
      ExchangeDetail: { schema: ExchangeDetail },
      HubStatus: { schema: HubStatus },
      MigrationResult: { schema: MigrationResult },
      ParityRow: { schema: ParityRow },
      Plan: { schema: Plan },
      ServerDefinition: { schema: ServerDefinition },
      ServerView: { schema: ServerView },
      SessionView: { schema: SessionView },
      ToolLatency: { schema: ToolLatency },
    },
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {})) {
      if (typeof operation !== 'object' || !('responses' in operation)) continue;
      operation.responses = { ...operation.responses, default: ERROR_RESPONSE };
    }
  }
  return document;
}
