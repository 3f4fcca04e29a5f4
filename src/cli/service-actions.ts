/** What the commands of `httpfn service` do. Loaded by who runs one: help and completions know them without. */
import { ConfigError, usageMistake } from '../config/config-error.ts';
import { RuntimeError } from '../contract/errors.ts';
import { outputOf } from '../process/output-of.ts';
import { type InitSystem, initSystem } from '../server/init-system.ts';
import { openrcService } from '../server/openrc-service.ts';
import { removeServiceFiles, stateOf, writeServiceFiles } from '../server/service-files.ts';
import type { ServiceFiles, ServicePlan } from '../server/service-plan.ts';
import { systemdService } from '../server/systemd-service.ts';
import type { Invocation } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { printedAsJson, printResult } from './printed-as-json.ts';
import { servicePlanOf } from './service-plan-of.ts';

export async function installService(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, environment, stdout } = invocation;
	const plan = await servicePlanOf(invocation);
	const { files, enable } = filesOf(plan, invocation);
	if (given.options.has('--print')) {
		stdout.writeText(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
		return EXIT.ok;
	}
	const written = writeServiceFiles(files, rootOf(invocation), given.options.has('--force'));
	const now = given.options.has('--now');
	const next = enable.map((words) => words.join(' '));
	if (!given.options.has('--json')) {
		const told =
			written.length === 0
				? ['nothing to write: it is there already']
				: written.map((path) => `wrote ${path}`);
		const lines = now ? told : [...told, '', 'Now run:', ...next.map((line) => `  ${line}`)];
		stdout.writeText(`${lines.join('\n')}\n`);
	}
	if (now) await runAll(enable, environment);
	printedAsJson(invocation, { ok: true, written, next });
	return EXIT.ok;
}

export async function uninstallService(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, environment } = invocation;
	const plan = await servicePlanOf(invocation, false);
	const root = rootOf(invocation);
	const all = filesOf({ ...plan, sockets: [] }, invocation).files;
	const found = all.filter((file) => stateOf(file, root) !== 'missing').map(({ path }) => path);
	// A service manager knows no unit that is not there.
	const sockets = found.some((path) => path.endsWith('.socket')) ? [] : null;
	const { disable, forget } = filesOf({ ...plan, sockets }, invocation);
	const now = given.options.has('--now') && found.length > 0;
	if (now) await runAll(disable, environment);
	const removed = removeServiceFiles(found, root);
	if (now) await runAll(forget, environment);
	const told =
		removed.length === 0 ? ['nothing to remove: it is not there'] : removed.map((path) => `removed ${path}`);
	return printResult(invocation, { ok: true, removed }, `${told.join('\n')}\n`);
}

export async function showService(invocation: Invocation): Promise<ExitCode> {
	const { files } = filesOf(await servicePlanOf(invocation), invocation);
	const states = files.map((file) => ({ path: file.path, state: stateOf(file, rootOf(invocation)) }));
	printResult(
		invocation,
		{ files: states },
		`${states.map(({ path, state }) => `${path}: ${state}`).join('\n')}\n`,
	);
	return states.every(({ state }) => state === 'same') ? EXIT.ok : EXIT.failure;
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
		const { code, signal, stderr } = await outputOf({ command, args, cwd: '/', environment }, null);
		if (code === 0) continue;
		const line = [command, ...args].join(' ');
		throw new RuntimeError('ERR_SERVICE_FAILED', `${line} ended with ${code ?? signal}: ${stderr.trim()}`);
	}
}
