import { HOST_KEYS } from '../config/read-functions.ts';
import { INIT_SYSTEMS } from '../server/init-system.ts';
import type { Command, CommandGroup, CommandOption } from './command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption, settingOption, settingOptions } from './command-options.ts';
import { EXIT } from './exit-code.ts';

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
	run: async (invocation) => (await import('./service-actions.ts')).installService(invocation),
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
	run: async (invocation) => (await import('./service-actions.ts')).uninstallService(invocation),
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
	run: async (invocation) => (await import('./service-actions.ts')).showService(invocation),
};

export const serviceCommands: CommandGroup = {
	name: 'service',
	summary: 'Run httpfn as a service of this machine.',
	commands: [installCommand, uninstallCommand, showCommand],
};
