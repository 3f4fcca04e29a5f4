import { ConfigError, usageMistake } from '../config/config-error.ts';
import { HOST_KEYS } from '../config/read-functions.ts';
import { RuntimeError } from '../contract/errors.ts';
import { spawnProcess } from '../process/spawn.ts';
import { INIT_SYSTEMS, type InitSystem, initSystem } from '../server/init-system.ts';
import { openrcService } from '../server/openrc-service.ts';
import { removeServiceFiles, stateOf, writeServiceFiles } from '../server/service-files.ts';
import type { ServiceFiles, ServicePlan } from '../server/service-plan.ts';
import { systemdService } from '../server/systemd-service.ts';
import type { Command, CommandGroup, CommandOption, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption, settingOption, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { servicePlanOf } from './service-plan-of.ts';

const GROUP = 'Service';
const WHERE: readonly CommandOption[] = [
	ownOption('--unit', 'NAME', GROUP, 'Name of the unit or script.', {
		fallbackText: 'httpfn, or httpfn- and the name of DIR',
	}),
	ownOption('--init', 'KIND', GROUP, 'What starts services there.', {
		choices: INIT_SYSTEMS,
		fallbackText: 'what runs here, or is found below --root',
	}),
	ownOption('--user-unit', '', GROUP, "A unit of systemd's user manager, for whoever is logged in."),
	ownOption(
		'--root',
		'DIR',
		GROUP,
		'Write below this folder: the root of an image, say. Code and config file are not looked at then.',
		{ fallbackText: '/' },
	),
	ownOption('--now', '', GROUP, 'Run the commands that start or stop it too.'),
];
const WHAT: readonly CommandOption[] = [
	ownOption('--run-as', 'USER', GROUP, 'User that runs it; isolation then needs user namespaces.', {
		fallbackText: 'root',
	}),
	ownOption(
		'--socket',
		'',
		GROUP,
		'Have systemd listen and hand the sockets over: no request is refused while httpfn starts.',
	),
	ownOption('--program', 'F', GROUP, 'Path of httpfn on that machine.', { fallbackText: 'this one' }),
	ownOption('--print', '', GROUP, 'Print the files instead of writing them.'),
	ownOption('--force', '', GROUP, 'Replace files that are there and differ.'),
];
const SERVE_OPTIONS = HOST_KEYS.filter((key) => key === 'control' || key === 'state').flatMap(settingOption);
const EXIT_CODES = [EXIT.ok, EXIT.failure, EXIT.usage] as const;
const DIR = {
	name: 'DIR',
	required: false,
	sentence: 'Folder that holds the file bootstrap, for httpfn run; left out: httpfn serve.',
} as const;

const installCommand: Command = {
	name: 'service install',
	summary: 'Have this machine run httpfn as a service: a unit of systemd, or a script of OpenRC.',
	usage: '[DIR] [OPTIONS]',
	parameters: [DIR],
	options: [...WHERE, ...WHAT, ...SERVE_OPTIONS, ...settingOptions(), JSON_OPTION, HELP_OPTION],
	notes: [
		'The settings are judged, and become the command line of the service: httpfn run with DIR, else httpfn serve. A file that is there and ' +
			'differs is left alone without --force; written files are whole at any time. The commands that start the service are told, and run with --now.',
		'The unit is hardened as far as isolation by namespaces allows; docs/service.md has the reason of each directive. Values of --env stand in ' +
			'it for everybody who may read it: secrets belong into --env-file.',
	],
	examples: [
		[
			'httpfn service install --config /etc/httpfn.yaml --now',
			'httpfn serve, from now on and with the machine',
		],
		['httpfn service install /srv/hello --listen 0.0.0.0:80 --socket', 'one function; systemd listens'],
		[
			'httpfn service install --root ./image --init openrc --program /usr/bin/httpfn',
			'for an appliance that is being built',
		],
	],
	exitCodes: EXIT_CODES,
	run: install,
};

const uninstallCommand: Command = {
	name: 'service uninstall',
	summary: 'Remove the files of a service.',
	usage: '[DIR] [OPTIONS]',
	parameters: [DIR],
	options: [...WHERE, JSON_OPTION, HELP_OPTION],
	notes: ['What was deployed, and what the service wrote, stays. With --now it is stopped first.'],
	examples: [['httpfn service uninstall --now', 'stopped, and gone with the next start of the machine']],
	exitCodes: EXIT_CODES,
	run: uninstall,
};

const showCommand: Command = {
	name: 'service show',
	summary: 'Say whether the files of a service are there, and the same as install would write.',
	usage: '[DIR] [OPTIONS]',
	parameters: [DIR],
	options: [...WHERE, ...WHAT, ...SERVE_OPTIONS, ...settingOptions(), JSON_OPTION, HELP_OPTION],
	notes: [],
	examples: [['httpfn service show --config /etc/httpfn.yaml --json', 'for a program']],
	exitCodes: EXIT_CODES,
	run: show,
};

export const serviceCommands: CommandGroup = {
	name: 'service',
	summary: 'Run httpfn as a service of this machine.',
	commands: [installCommand, uninstallCommand, showCommand],
};

async function install(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, stdout } = invocation;
	const plan = await servicePlanOf(invocation);
	const { files, enable } = filesOf(plan, invocation);
	if (given.options.has('--print')) {
		stdout.writeText(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
		return EXIT.ok;
	}
	const written = writeServiceFiles(files, rootOf(invocation), given.options.has('--force'));
	const told =
		written.length === 0 ? ['nothing to write: it is there already'] : written.map((path) => `wrote ${path}`);
	return finish(invocation, { written }, told, enable);
}

async function uninstall(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given } = invocation;
	const plan = await servicePlanOf(invocation, false);
	const root = rootOf(invocation);
	const all = filesOf({ ...plan, sockets: [] }, invocation).files;
	const found = all.filter((file) => stateOf(file, root) !== 'missing').map(({ path }) => path);
	// A service manager knows no unit that is not there.
	const sockets = found.some((path) => path.endsWith('.socket')) ? [] : null;
	const { disable, forget } = filesOf({ ...plan, sockets }, invocation);
	const now = given.options.has('--now') && found.length > 0;
	if (now) await runAll(disable, invocation.environment);
	const removed = removeServiceFiles(found, root);
	if (now) await runAll(forget, invocation.environment);
	const told =
		removed.length === 0 ? ['nothing to remove: it is not there'] : removed.map((path) => `removed ${path}`);
	invocation.stdout.writeText(
		given.options.has('--json') ? `${JSON.stringify({ ok: true, removed })}\n` : `${told.join('\n')}\n`,
	);
	return EXIT.ok;
}

async function show(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, stdout } = invocation;
	const { files } = filesOf(await servicePlanOf(invocation), invocation);
	const states = files.map((file) => ({ path: file.path, state: stateOf(file, rootOf(invocation)) }));
	if (given.options.has('--json')) stdout.writeText(`${JSON.stringify({ files: states })}\n`);
	else stdout.writeText(`${states.map(({ path, state }) => `${path}: ${state}`).join('\n')}\n`);
	return states.every(({ state }) => state === 'same') ? EXIT.ok : EXIT.failure;
}

async function finish(
	{ arguments: given, environment, stdout }: Invocation,
	result: object,
	told: readonly string[],
	commands: ServiceFiles['enable'],
): Promise<ExitCode> {
	const now = given.options.has('--now');
	const next = commands.map((words) => words.join(' '));
	if (given.options.has('--json')) stdout.writeText(`${JSON.stringify({ ok: true, ...result, next })}\n`);
	else
		stdout.writeText(
			`${[...told, ...(now ? [] : ['', 'Now run:', ...next.map((line) => `  ${line}`)])].join('\n')}\n`,
		);
	if (now) await runAll(commands, environment);
	return EXIT.ok;
}

function filesOf(plan: ServicePlan, invocation: Invocation): ServiceFiles {
	const { options } = invocation.arguments;
	const init = (options.get('--init')?.[0] as InitSystem | undefined) ?? initSystem(rootOf(invocation));
	if (init === null)
		throw new ConfigError([
			usageMistake(
				'--init',
				`found neither systemd nor OpenRC below ${rootOf(invocation)}, or both; wanted --init with one of them`,
			),
		]);
	if (init === 'systemd') return systemdService(plan);
	if (plan.sockets !== null && plan.sockets.length > 0)
		throw new ConfigError([usageMistake('--socket', 'found it with OpenRC, which hands no sockets over')]);
	if (plan.scope === 'user')
		throw new ConfigError([usageMistake('--user-unit', 'found it with OpenRC, which has no user manager')]);
	return openrcService(plan);
}

function rootOf({ arguments: { options } }: Invocation): string {
	return options.get('--root')?.[0] ?? '/';
}

async function runAll(
	commands: ServiceFiles['enable'],
	environment: Invocation['environment'],
): Promise<void> {
	for (const [command = '', ...args] of commands) {
		const child = await spawnProcess({ command, args, cwd: '/', environment }, null);
		const [words, , { code, signal }] = await Promise.all([
			textOf(child.stderr),
			textOf(child.stdout),
			child.exited,
		]);
		if (code !== 0)
			throw new RuntimeError(
				'ERR_SERVICE_FAILED',
				`${[command, ...args].join(' ')} ended with ${code ?? signal}: ${words.trim()}`,
			);
	}
}

async function textOf(source: AsyncIterable<Buffer>): Promise<string> {
	let text = '';
	for await (const bytes of source) text += bytes.toString('utf8');
	return text;
}
