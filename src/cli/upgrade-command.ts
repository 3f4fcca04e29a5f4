import path from 'node:path';
import { ConfigError, type Mistake, valueMistake } from '../config/config-error.ts';
import { trustedKeyTexts } from '../config/trusted-keys.ts';
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import { newExecutable } from '../server/new-executable.ts';
import { askServing, findServing, type Which } from '../server/request-upgrade.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { judgeUpgrade } from './packed/judge-upgrade.ts';
import { TRUSTED_KEY_OPTION } from './packed/trusted-key-option.ts';
import type { ParsedArguments } from './parsed-arguments.ts';

const READY_SECONDS = 60;
const SECONDS_MAX = 86_400;
/** What the answer may take longer than the new one has: ending one that failed, and the state folder. */
const ANSWER_MS_MORE = 60_000;
const WHICH = 'Which one';

export const upgradeCommand: Command = {
	name: 'upgrade',
	summary: 'Have another executable take over from a running httpfn, without dropping a request.',
	usage: 'FILE [--pid N | --config F] [OPTIONS]',
	parameters: [{ name: 'FILE', required: true, sentence: 'The new executable of httpfn.' }],
	options: [
		ownOption('--pid', 'N', WHICH, 'Process that serves.', { fallbackText: 'the only one of this user' }),
		ownOption('--config', 'F', WHICH, 'Config file of the httpfn serve that is meant.'),
		ownOption('--timeout', 'S', 'Upgrade', 'Seconds that the new one has to get ready.', {
			fallbackText: `${READY_SECONDS}`,
		}),
		ownOption('--grace', 'S', 'Upgrade', 'Seconds that the one before has for requests in flight.', {
			fallbackText: `${LIMITS.drainGraceMs / 1000}`,
		}),
		ownOption(
			'--no-replace',
			'',
			'Upgrade',
			'Start FILE where it is, and leave the file of the running one alone.',
		),
		TRUSTED_KEY_OPTION,
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'FILE is judged first: it has to be an executable that says it is httpfn. Then it is copied beside the running one and started with the ' +
			'same command line, environment and listening sockets. When it accepts, the one before stops accepting, ends what it has begun, WebSockets ' +
			'and streams within --grace, and is gone; the file on the disk is replaced, and the one before kept as FILE.previous: upgrade to that to go back. ' +
			'Where the new one does not get ready, the one before goes on, and the command says why in the words of the new one.',
		'Instances are not handed over: the new one starts its own, reserved ones before it accepts. With direct isolation there is one port for them, ' +
			'so that requests wait until the instance of the one before has ended. The API of a control plane is closed for that moment.',
		'It has to be run by the user of the running one, or by root. The process that serves has another number afterwards: systemd is told, and so is --pid-file.',
	],
	examples: [
		['httpfn upgrade ./httpfn-new', 'the one httpfn that this user runs'],
		['httpfn upgrade /usr/local/bin/httpfn.previous --pid 4711', 'back to the one before'],
		['httpfn upgrade ./httpfn-new --config /etc/httpfn.yaml --grace 60 --json', 'for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: upgrade,
};

interface Asked {
	readonly which: Which;
	readonly timeoutMs: number;
	readonly graceMs: number;
}

async function upgrade({
	arguments: given,
	environment,
	stdout,
	workingFolder,
}: Invocation): Promise<ExitCode> {
	const { which, timeoutMs, graceMs } = judge(given);
	const file = path.resolve(workingFolder, given.parameters[0] ?? '');
	const { socket, status } = await findServing(environment, which);
	const flag = given.options.get('--trusted-key')?.[0] ?? null;
	const trusted = trustedKeyTexts({ environment, workingFolder, flag });
	const executable = await newExecutable({
		file,
		running: status.executable,
		replace: !given.options.has('--no-replace'),
		judge: (one) => judgeUpgrade(one, trusted, flag !== null),
	});
	let serves = false;
	try {
		const question = { kind: 'upgrade', file: executable.path, timeoutMs, graceMs } as const;
		const answer = await askServing(socket, question, timeoutMs + ANSWER_MS_MORE);
		if (answer.kind === 'failed') throw new RuntimeError('ERR_UPGRADE_FAILED', answer.message);
		if (answer.kind === 'status')
			throw new RuntimeError('ERR_UPGRADE_FAILED', 'it answered another question');
		serves = true;
		const previous = executable.install();
		const told = {
			from: status.version,
			to: answer.version,
			pid: answer.pid,
			previousPid: status.pid,
			previous,
		};
		if (given.options.has('--json')) stdout.writeText(`${JSON.stringify({ ok: true, ...told })}\n`);
		else stdout.writeText(text(told, graceMs));
		return EXIT.ok;
	} finally {
		if (!serves) executable.discard();
	}
}

function text(
	told: { from: string; to: string; pid: number; previousPid: number; previous: string | null },
	graceMs: number,
): string {
	const kept = told.previous === null ? '' : `\nthe executable before is kept as ${told.previous}`;
	return (
		`httpfn ${told.to} serves as process ${told.pid}; process ${told.previousPid} (${told.from}) ends what it has begun, ` +
		`within ${graceMs / 1000} s${kept}\n`
	);
}

function judge({ options, mistakes: given }: ParsedArguments): Asked {
	const mistakes: Mistake[] = [...given];
	const whole = (flag: string, min: number, max: number): number | null => {
		const value = options.get(flag)?.[0];
		if (value === undefined) return null;
		const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
		if (number >= min && number <= max) return number;
		const problem = `found ${JSON.stringify(value)}, wanted a whole number from ${min} to ${max}`;
		mistakes.push(valueMistake(flag, problem));
		return null;
	};
	const pid = whole('--pid', 1, 2 ** 31 - 1);
	const timeout = whole('--timeout', 1, SECONDS_MAX) ?? READY_SECONDS;
	const grace = whole('--grace', 0, SECONDS_MAX) ?? LIMITS.drainGraceMs / 1000;
	const config = options.get('--config')?.[0] ?? null;
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	return { which: { pid, config }, timeoutMs: timeout * 1000, graceMs: grace * 1000 };
}
