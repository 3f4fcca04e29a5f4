import type { Right } from '../catalog/records.ts';
import { RIGHTS } from '../catalog/records.ts';
import { ConfigError, type Mistake, valueMistake } from '../config/config-error.ts';
import { TOKEN_HOURS } from '../control/auth/access-token.ts';
import type * as ManageUsers from '../server/manage-users.ts';
import type { Command, CommandGroup, CommandParameter, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { STATE_OPTION, stateFolderOf } from './state-option.ts';
import { textTable } from './text-table.ts';

const NAME_CHARS_MAX = 64;
const NAME_WANTED = `1 to ${NAME_CHARS_MAX} letters, digits, "_", "-", "." or "@", beginning with a letter or digit`;

const NAME: CommandParameter = {
	name: 'NAME',
	required: true,
	sentence: `Name of the user: ${NAME_WANTED}.`,
};
const RIGHTS_OPTION = ownOption(
	'--rights',
	'LIST',
	'User',
	`What the user may do: of ${RIGHTS.join(', ')}.`,
	{
		fallbackText: RIGHTS.join(','),
	},
);
const HOURS_OPTION = ownOption(
	'--hours',
	'N',
	'User',
	`Hours that the token lasts, ${TOKEN_HOURS.max} at most.`,
	{ fallbackText: `${TOKEN_HOURS.usual}` },
);
const COMMON_OPTIONS = [STATE_OPTION, JSON_OPTION, HELP_OPTION];
const PLACE_NOTE =
	"It works on the state folder itself: run it on the server's machine, as the server's user. A running server sees the change with " +
	'the next call.';
const COMMON = { exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage] } satisfies Partial<Command>;

const userAdd: Command = {
	...COMMON,
	name: 'user add',
	summary: 'Make a user, and print the access key and the secret key, once.',
	usage: 'NAME [--rights LIST] [--state DIR] [--json]',
	parameters: [NAME],
	options: [RIGHTS_OPTION, ...COMMON_OPTIONS],
	notes: [
		`${PLACE_NOTE} The first user ends the time in which a server of this machine takes any key.`,
		'The secret key can not be shown again: it is kept encrypted, for signatures to be checked with.',
	],
	examples: [
		['httpfn user add ada', 'may do everything'],
		['httpfn user add ci --rights read,deploy --json', 'may not invoke; keys for a program'],
	],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { name, rights, folder } = judged(invocation);
		const { addUser } = await manageUsers();
		const { accessKey, secretKey } = addUser(folder, name, rights);
		return print(invocation, { name, rights, accessKey, secretKey }, [
			['access key', accessKey],
			['secret key', secretKey],
		]);
	},
};

const userList: Command = {
	...COMMON,
	name: 'user list',
	summary: 'List the users, what they may do, and their access keys.',
	usage: '[--state DIR] [--json]',
	parameters: [],
	options: COMMON_OPTIONS,
	notes: [],
	examples: [['httpfn user list', 'nothing secret is shown']],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { folder } = judged(invocation);
		const { listUsers } = await manageUsers();
		const users = listUsers(folder).map(({ createdMs, ...user }) => ({
			...user,
			created: new Date(createdMs).toISOString(),
		}));
		const { stdout, arguments: given } = invocation;
		if (given.options.has('--json')) {
			stdout.writeText(`${JSON.stringify({ users })}\n`);
			return EXIT.ok;
		}
		const rows = users.map(({ name, rights, accessKey, token, created }) => {
			return [name, rights.join(','), accessKey, token ? 'yes' : 'no', created];
		});
		stdout.writeText(textTable(['NAME', 'RIGHTS', 'ACCESS KEY', 'TOKEN', 'CREATED'], rows));
		return EXIT.ok;
	},
};

const userRemove: Command = {
	...COMMON,
	name: 'user remove',
	summary: 'Remove a user: keys and token count no more.',
	usage: 'NAME [--state DIR] [--json]',
	parameters: [NAME],
	options: COMMON_OPTIONS,
	notes: [PLACE_NOTE],
	examples: [['httpfn user remove ci', 'what the user deployed stays']],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { name, folder } = judged(invocation);
		const { removeUser } = await manageUsers();
		removeUser(folder, name);
		return print(invocation, { name, removed: true }, [['removed', name]]);
	},
};

const userToken: Command = {
	...COMMON,
	name: 'user token',
	summary: "Make a user's token for X-Auth-Token, and print it, once.",
	usage: 'NAME [--hours N] [--state DIR] [--json]',
	parameters: [NAME],
	options: [HOURS_OPTION, ...COMMON_OPTIONS],
	notes: [`${PLACE_NOTE} A user has one token at a time: the one before counts no more.`],
	examples: [
		['httpfn user token ci', 'for a day, as on the platform'],
		['httpfn user token ci --hours 720', 'for 30 days'],
	],
	run: async (invocation: Invocation): Promise<ExitCode> => {
		const { name, hours, folder } = judged(invocation);
		const { renewToken } = await manageUsers();
		const { token, endsMs } = renewToken(folder, name, hours);
		const ends = new Date(endsMs).toISOString();
		return print(invocation, { name, token, ends }, [
			['token', token],
			['ends', ends],
		]);
	},
};

/** Who may call the control plane of this machine. */
export const userCommands: CommandGroup = {
	name: 'user',
	summary: 'Look after those who may call the control plane of this machine.',
	commands: [userAdd, userList, userRemove, userToken],
};

/** Loaded when it is used: it brings the catalog with it. */
function manageUsers(): Promise<typeof ManageUsers> {
	return import('../server/manage-users.ts');
}

interface Judged {
	readonly name: string;
	readonly rights: readonly Right[];
	readonly hours: number;
	readonly folder: string;
}

/** Throws a ConfigError with all that is wrong with the command line. */
function judged(invocation: Invocation): Judged {
	const { arguments: given } = invocation;
	const mistakes: Mistake[] = [...given.mistakes];
	const [name] = given.parameters;
	if (name !== undefined && !(name.length <= NAME_CHARS_MAX && /^[A-Za-z0-9][\w.@-]*$/.test(name))) {
		mistakes.push(valueMistake('NAME', `found ${JSON.stringify(name)}, wanted ${NAME_WANTED}`));
	}
	const rights = rightsOf(given.options.get('--rights')?.[0] ?? RIGHTS.join(','), mistakes);
	const hours = hoursOf(given.options.get('--hours')?.[0] ?? `${TOKEN_HOURS.usual}`, mistakes);
	const folder = stateFolderOf(invocation, mistakes);
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	return { name: name ?? '', rights, hours, folder };
}

function rightsOf(text: string, mistakes: Mistake[]): readonly Right[] {
	const words = text.split(',').map((word) => word.trim());
	const unknown = words.filter((word) => !RIGHTS.some((right) => right === word));
	if (unknown.length > 0) {
		const found = unknown.map((word) => JSON.stringify(word)).join(', ');
		mistakes.push(
			valueMistake('--rights', `found ${found}, wanted some of ${RIGHTS.join(', ')}, with commas between`),
		);
	}
	return RIGHTS.filter((right) => words.includes(right));
}

function hoursOf(text: string, mistakes: Mistake[]): number {
	const hours = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (hours < 1 || hours > TOKEN_HOURS.max) {
		const wanted = `whole hours from 1 to ${TOKEN_HOURS.max}`;
		mistakes.push(valueMistake('--hours', `found ${JSON.stringify(text)}, wanted ${wanted}`));
	}
	return hours;
}

/** One object, or a line each with what it is before it. */
function print(
	{ arguments: given, stdout }: Invocation,
	result: object,
	lines: ReadonlyArray<readonly [name: string, value: string]>,
): ExitCode {
	const width = Math.max(...lines.map(([name]) => name.length));
	const text = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
	stdout.writeText(given.options.has('--json') ? `${JSON.stringify(result)}\n` : text);
	return EXIT.ok;
}
