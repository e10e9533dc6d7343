import type { Profile, ServerDefinition } from '../../../shared/model/server.ts';
import type { Endpoint } from './mux/mux.ts';
import { exposureOf, type Exposure } from '../../../shared/model/tool-exposure.ts';

/** What the endpoints are made of, as it stands now. */
export interface EndpointSource {
  servers(): ReadonlyMap<string, ServerDefinition>;
  profiles(): ReadonlyMap<string, Profile>;
  /** True for a server that needs no definition: the hub's own. */
  isBuiltIn(server: string): boolean;
}

/** The things a client can talk to, by name. They follow the catalog; the same one is given out again. */
export interface Endpoints {
  /** All enabled servers, names `{server}__{tool}`. */
  all(): Endpoint;
  /** One server, as it is; null when there is none of this name. A disabled one is given out: it says so itself. */
  server(name: string): Endpoint | null;
  profile(name: string): Endpoint | null;
  /** The endpoint of this label: `*`, `servers/<name>`, `profiles/<name>`. */
  find(label: string): Endpoint | null;
}

export function createEndpoints(source: EndpointSource): Endpoints {
  const known = new Map<string, Endpoint>();
  const remember = (label: string, make: () => Endpoint): Endpoint => {
    let endpoint = known.get(label);
    if (!endpoint) known.set(label, (endpoint = make()));
    return endpoint;
  };
  const rules = createRules(source);

  const all = (): Endpoint =>
    remember('*', () => ({
      label: '*',
      single: null,
      downstreamEra: 'auto',
      members: () => enabled(source.servers()),
      exposed: (server, tool) => named(rules.ofServer(server)(tool)),
    }));
  const server = (name: string): Endpoint | null => {
    if (!source.servers().has(name) && !source.isBuiltIn(name)) return null;
    return remember(`servers/${name}`, () => ({
      label: `servers/${name}`,
      single: name,
      get downstreamEra() {
        return source.servers().get(name)?.downstreamEra ?? 'auto';
      },
      members: () => [name],
      exposed: (member, tool) => named(rules.ofServer(member)(tool)),
    }));
  };
  const profile = (name: string): Endpoint | null => {
    if (!source.profiles().has(name)) return null;
    return remember(`profiles/${name}`, () => ({
      label: `profiles/${name}`,
      single: null,
      get downstreamEra() {
        return source.profiles().get(name)?.downstreamEra ?? 'auto';
      },
      members() {
        const wanted = source.profiles().get(name)?.servers;
        const usable = enabled(source.servers());
        return wanted
          ? wanted.filter((member) => usable.includes(member) || source.isBuiltIn(member))
          : usable;
      },
      exposed(member, tool) {
        const shown = rules.ofServer(member)(tool);
        return shown === null ? null : named(rules.ofProfile(name, member)(shown));
      },
    }));
  };
  return {
    all,
    server,
    profile,
    find(label) {
      if (label === '*') return all();
      const [kind, name] = [label.slice(0, label.indexOf('/')), label.slice(label.indexOf('/') + 1)];
      if (kind === 'servers') return server(name);
      return kind === 'profiles' ? profile(name) : null;
    },
  };
}

const named = (name: string | null): { name: string } | null => (name === null ? null : { name });

const enabled = (servers: ReadonlyMap<string, ServerDefinition>): string[] =>
  [...servers].filter(([, { enabled: isOn }]) => isOn !== false).map(([name]) => name);

/** Rules are compiled once for each definition that the catalog holds. */
function createRules(source: EndpointSource) {
  const compiled = new WeakMap<object, Exposure>();
  const pass: Exposure = (tool) => tool;
  const compile = (rules: Parameters<typeof exposureOf>[0]): Exposure => {
    if (!rules) return pass;
    let exposure = compiled.get(rules);
    if (!exposure) compiled.set(rules, (exposure = exposureOf(rules)));
    return exposure;
  };
  return {
    ofServer: (server: string): Exposure => compile(source.servers().get(server)?.tools),
    ofProfile: (profile: string, server: string): Exposure =>
      compile(source.profiles().get(profile)?.tools?.[server]),
  };
}
