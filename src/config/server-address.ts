/** Which server a command speaks to, and as whom: flag > context > variables that Terraform's provider knows too > default. */
import { checkUrnPart } from '../contract/function-name.ts';
import { isLoopbackHost } from '../contract/loopback-host.ts';
import { ConfigError, type Mistake, usageMistake, valueMistake } from './config-error.ts';
import { contextPath, readContexts, type ServerContext, type ServerCredentials } from './context-file.ts';
import { nearestName } from './nearest-name.ts';

export interface ServerAddress {
	/** Without a slash at its end. */
	readonly endpoint: string;
	readonly projectId: string;
	readonly region: string;
	readonly credentials: ServerCredentials;
}

export interface ServerInput {
	/** Texts of the flags by name, such as `--endpoint`. */
	readonly options: ReadonlyMap<string, readonly string[]>;
	readonly environment: Readonly<Record<string, string>>;
	readonly mistakes: readonly Mistake[];
}

export const SERVER_DEFAULTS = {
	endpoint: 'http://127.0.0.1:9080',
	projectId: 'default',
	region: 'cn',
} as const;

/** The variables of the platform's Terraform provider. */
export const SERVER_VARIABLES = {
	accessKey: 'HW_ACCESS_KEY',
	secretKey: 'HW_SECRET_KEY',
	token: 'HW_AUTH_TOKEN',
	projectId: 'HW_PROJECT_ID',
	region: 'HW_REGION_NAME',
} as const;

/** Throws a ConfigError with every mistake, those of the command line too. */
export function resolveServer({ options, environment, mistakes: given }: ServerInput): ServerAddress {
	const mistakes = [...given];
	const flag = (name: string): string | null => options.get(name)?.[0] ?? null;
	const [named, address] = [flag('--context'), flag('--endpoint')];
	if (named !== null && address !== null) {
		mistakes.push(usageMistake('--endpoint', 'given beside --context, wanted one or the other'));
	}
	// Keys go to no server but the one they were stored for.
	const context = address === null ? chosenContext(named, environment, mistakes) : null;
	const { projectId, region } = SERVER_VARIABLES;
	const endpoint = address ?? context?.endpoint ?? SERVER_DEFAULTS.endpoint;
	mistakes.push(...judgeEndpoint('--endpoint', endpoint));
	const parts = {
		projectId:
			flag('--project-id') ??
			context?.projectId ??
			variableOf(environment, projectId) ??
			SERVER_DEFAULTS.projectId,
		region: flag('--region') ?? context?.region ?? variableOf(environment, region) ?? SERVER_DEFAULTS.region,
	};
	for (const [name, value] of Object.entries({ '--project-id': parts.projectId, '--region': parts.region })) {
		mistakes.push(...checkUrnPart(name, value).map((problem) => valueMistake(name, problem)));
	}
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	const own = context?.credentials ?? { kind: 'none' };
	const credentials = own.kind === 'none' ? credentialsOfVariables(environment) : own;
	if (credentials.kind === 'none' && !isLoopbackEndpoint(endpoint))
		throw new ConfigError([noCredentials(endpoint)]);
	return { endpoint: endpoint.replace(/\/+$/, ''), ...parts, credentials };
}

/** Mistakes of a server's address; none: it can be used. */
export function judgeEndpoint(source: string, endpoint: string): Mistake[] {
	const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
	const plain =
		url !== null && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
	if (plain && (url.protocol === 'http:' || url.protocol === 'https:')) return [];
	const wanted = `wanted http:// or https://, a host and maybe a port, such as ${SERVER_DEFAULTS.endpoint}`;
	// A password may stand in it.
	const found = url === null || url.password === '' ? `found ${JSON.stringify(endpoint)}, ` : '';
	return [valueMistake(source, `${found}${wanted}`)];
}

export function isLoopbackEndpoint(endpoint: string): boolean {
	return isLoopbackHost(new URL(endpoint).host);
}

/** `none` where neither a token nor a pair of keys is given. */
export function credentialsOfVariables(environment: Readonly<Record<string, string>>): ServerCredentials {
	const [accessKey, secretKey, token] = [
		variableOf(environment, SERVER_VARIABLES.accessKey),
		variableOf(environment, SERVER_VARIABLES.secretKey),
		variableOf(environment, SERVER_VARIABLES.token),
	];
	if (accessKey !== null && secretKey !== null) return { kind: 'keys', accessKey, secretKey };
	return token === null ? { kind: 'none' } : { kind: 'token', token };
}

function chosenContext(
	named: string | null,
	environment: Readonly<Record<string, string>>,
	mistakes: Mistake[],
): ServerContext | null {
	const { current, servers } = readContexts(contextPath(environment));
	const name = named ?? current;
	if (name === null) return null;
	const context = servers.get(name) ?? null;
	if (context === null && named !== null) {
		mistakes.push(valueMistake('--context', unknownContext(named, [...servers.keys()])));
	}
	return context;
}

/** Found, and what there is instead. */
export function unknownContext(name: string, known: readonly string[]): string {
	const nearest = nearestName(name, known);
	const all = known.length === 0 ? 'there is none: see httpfn login' : `wanted one of ${known.join(', ')}`;
	return `found ${JSON.stringify(name)}; ${nearest === null ? all : `nearest is ${nearest}`}`;
}

function noCredentials(endpoint: string): Mistake {
	const { accessKey, secretKey, token } = SERVER_VARIABLES;
	const wanted = `wanted ${accessKey} and ${secretKey}, or ${token}, or what httpfn login stores`;
	return valueMistake('credentials', `found none for ${endpoint}, ${wanted}`);
}

function variableOf(environment: Readonly<Record<string, string>>, name: string): string | null {
	const value = environment[name] ?? '';
	return value === '' ? null : value;
}
