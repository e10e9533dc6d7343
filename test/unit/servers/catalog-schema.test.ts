import { describe, expect, it } from 'vitest';
import { catalogSchema } from '../../../electron/hub/servers/catalog-schema.ts';
import { ServerDefinition } from '../../../shared/model/server.ts';

interface Schema {
  $schema?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  enum?: string[];
  type?: string;
  required?: string[];
  description?: string;
}

const schema = catalogSchema() as Schema;
const server = schema.properties!.mcpServers!.additionalProperties as Schema;

describe('JSON Schema of the catalog', () => {
  it('knows every field that the catalog is read with, and explains it', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(server.properties!)).toEqual(Object.keys(ServerDefinition.shape));
    const unexplained = Object.entries(server.properties!).filter(([, { description }]) => !description);
    expect(unexplained.map(([name]) => name)).toEqual(['origin']);
    expect(server.properties!.isolation).toMatchObject({ enum: ['session', 'client', 'user', 'shared'] });
    expect(server.properties!.isolation!.description).toContain('Who shares');
  });

  it('allows what other tools add, and the list form', () => {
    expect(server.additionalProperties).not.toBe(false);
    expect(schema.properties!.servers!.items!.required).toEqual(['name']);
    expect(Object.keys((schema.properties!.profiles!.additionalProperties as Schema).properties!)).toEqual([
      'servers',
      'tools',
      'downstreamEra',
    ]);
  });
});
