import { ConfigError, usageMistake, valueMistake } from '../../config/config-error.ts';
import {
	contextPath,
	readContexts,
	type ServerContext,
	type ServerCredentials,
	writeContexts,
} from '../../config/context-file.ts';
import {
	credentialsOfVariables,
	isLoopbackEndpoint,
	judgeEndpoint,
	SERVER_DEFAULTS,
	SERVER_VARIABLES,
} from '../../config/server-address.ts';
import { checkUrnPart } from '../../contract/function-name.ts';
import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson } from '../printed-as-json.ts';
import { readSecret } from '../read-secret.ts';
import { ControlClient } from './control-client.ts';

const SERVER = 'Server';
const CREDENTIALS = 'Credentials';
const NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;

export const loginCommand: Command = {
	name: 'login',
	summary: 'Remember a server, and the keys for it, under a name.',
	usage: '[URL] [--context NAME] [--access-key AK | --token] [OPTIONS]',
	parameters: [
		{
			name: 'URL',
			required: false,
			sentence: `Address of the server's API (default: ${SERVER_DEFAULTS.endpoint}).`,
		},
	],
	options: [
		ownOption('--context', 'NAME', SERVER, 'Name to remember it by.', {
			fallbackText: 'the host of the address',
		}),
		ownOption('--project-id', 'ID', SERVER, 'Project that its functions belong to.', {
			fallbackText: SERVER_DEFAULTS.projectId,
		}),
		ownOption('--region', 'REGION', SERVER, 'Region that URNs name.', {
			fallbackText: SERVER_DEFAULTS.region,
		}),
		ownOption(
			'--access-key',
			'AK',
			CREDENTIALS,
			'Sign with this key; its secret key is read, not given here.',
		),
		ownOption('--token', '', CREDENTIALS, 'Send a token instead of signatures; the token is read.'),
		ownOption('--offline', '', 'Other', 'Remember it without asking the server whether it takes the keys.'),
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		`The secret comes from ${SERVER_VARIABLES.secretKey} (or ${SERVER_VARIABLES.token}), or else is one line of standard input; at a terminal it ` +
			`is asked for and not shown. Without --access-key and --token, ${SERVER_VARIABLES.accessKey} and ${SERVER_VARIABLES.secretKey} are taken where they are ` +
			'set; a server of this machine without users needs none.',
		'The server is in use from then on. Names and keys are kept in ~/.config/httpfn/contexts.json ($XDG_CONFIG_HOME), which nobody else may read.',
	],
	examples: [
		['httpfn login', 'the server of this machine, without keys'],
		[
			'httpfn login https://fn.example.com --access-key AK1 --project-id team1',
			'the secret key is asked for',
		],
		['httpfn login https://fn.example.com --token --context prod < token.txt', 'a token from a file'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: login,
};

async function login(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, environment, stdout, stderr } = invocation;
	const endpoint = (given.parameters[0] ?? SERVER_DEFAULTS.endpoint).replace(/\/+$/, '');
	const name = judge(invocation, endpoint);
	const file = contextPath(environment);
	const { servers } = readContexts(file);
	const server: ServerContext = {
		endpoint,
		projectId: given.options.get('--project-id')?.[0] ?? null,
		region: given.options.get('--region')?.[0] ?? null,
		credentials: await credentials(invocation),
	};
	const { projectId, region } = SERVER_DEFAULTS;
	const address = { ...server, projectId: server.projectId ?? projectId, region: server.region ?? region };
	if (server.credentials.kind === 'none' && !isLoopbackEndpoint(endpoint)) {
		throw new ConfigError([usageMistake('--access-key', `missing, wanted it or --token for ${endpoint}`)]);
	}
	if (server.credentials.kind === 'token' && endpoint.startsWith('http:') && !isLoopbackEndpoint(endpoint)) {
		stderr.writeText(`httpfn: warning: the token goes to ${endpoint} unencrypted\n`);
	}
	if (!given.options.has('--offline')) {
		await new ControlClient(address).call('GET', 'fgs/functions', { query: { maxitems: 1 } });
	}
	writeContexts(file, { current: name, servers: new Map([...servers, [name, server]]) });
	const result = { context: name, endpoint, project: address.projectId, region: address.region };
	if (!printedAsJson(invocation, { ...result, credentials: server.credentials.kind }))
		stdout.writeText(`${name}: ${endpoint}, project ${result.project}, region ${result.region}\n`);
	return EXIT.ok;
}

/** The context's name, or a ConfigError with every mistake. */
function judge({ arguments: given }: Invocation, endpoint: string): string {
	const { options } = given;
	const mistakes = [...given.mistakes, ...judgeEndpoint('URL', endpoint)];
	if (options.has('--token') && options.has('--access-key')) {
		mistakes.push(usageMistake('--token', 'given beside --access-key, wanted one or the other'));
	}
	for (const flag of ['--project-id', '--region']) {
		const value = options.get(flag)?.[0];
		if (value === undefined) continue;
		mistakes.push(...checkUrnPart(flag, value).map((problem) => valueMistake(flag, problem)));
	}
	const name = options.get('--context')?.[0] ?? (mistakes.length === 0 ? hostOf(endpoint) : 'server');
	if (!NAME.test(name)) {
		const wanted = 'wanted 1 to 63 letters, digits, "_", "-" or ".", beginning with a letter or digit';
		mistakes.push(valueMistake('--context', `found ${JSON.stringify(name)}, ${wanted}`));
	}
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	return name;
}

function hostOf(endpoint: string): string {
	return new URL(endpoint).host.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-|-$/g, '');
}

async function credentials({
	arguments: given,
	environment,
	stderr,
}: Invocation): Promise<ServerCredentials> {
	const { options } = given;
	const accessKey = options.get('--access-key')?.[0];
	if (accessKey === undefined && !options.has('--token')) return credentialsOfVariables(environment);
	const [variable, what] =
		accessKey === undefined ? [SERVER_VARIABLES.token, 'Token'] : [SERVER_VARIABLES.secretKey, 'Secret key'];
	const held = environment[variable] ?? '';
	const secret = held === '' ? ((await readSecret(`${what}: `, stderr)) ?? '') : held;
	if (secret.trim() === '') {
		const wanted = `wanted one line, or the variable ${variable}`;
		throw new ConfigError([valueMistake(what.toLowerCase(), `found nothing on standard input, ${wanted}`)]);
	}
	if (accessKey === undefined) return { kind: 'token', token: secret.trim() };
	return { kind: 'keys', accessKey, secretKey: secret.trim() };
}
