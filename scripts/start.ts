/** `npm start`: builds the flagship where it is not up to date, and runs an example function with it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { constants } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildConfig } from '../build.config.ts';
import { buildAll } from './build/build-all.ts';
import { DIST, ROOT } from './repository.ts';

const HELP = `npm start -- [EXAMPLE] [options of httpfn run]

Builds dist/httpfn where it is not up to date and runs examples/node-http with it, or the EXAMPLE named: a folder, or the
name of one in examples/. Prints the URL and a curl line. Ctrl-C ends it.`;

const [PREFERRED_HOST, PREFERRED_PORT] = ['127.0.0.1', 8080];

const report = (line: string): void => void process.stderr.write(`start: ${line}\n`);

try {
	await main(process.argv.slice(2));
} catch (error) {
	report(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}

async function main(argv: readonly string[]): Promise<void> {
	if (argv.includes('--help')) {
		console.log(HELP);
		return;
	}
	const [example, options] =
		argv[0]?.startsWith('-') === false ? [argv[0], argv.slice(1)] : ['node-http', argv];
	const folder = exampleFolder(example);
	const { flagship } = await buildAll({
		entry: buildConfig.entry,
		folder: DIST,
		wanted: ({ always, engine }) => always && engine === buildConfig.flagship,
		report,
	});
	if (flagship === null)
		throw new Error(`no target of build.config.ts on ${buildConfig.flagship} runs on this machine`);
	const listen = options.some((option) => option.startsWith('--listen')) ? [] : await listenOptions();
	const command = [relative(ROOT, flagship), 'run', relative(ROOT, folder), ...listen, ...options];
	report(command.join(' '));
	await run(flagship, ['run', folder, ...listen, ...options]);
}

function exampleFolder(name: string): string {
	const folder = [join(ROOT, 'examples', name), resolve(name)].find((path) =>
		existsSync(join(path, 'bootstrap')),
	);
	if (folder === undefined)
		throw new Error(`${name} is neither a folder with a bootstrap nor one of examples/`);
	return folder;
}

/** None where the usual address is free. */
async function listenOptions(): Promise<readonly string[]> {
	const server = createServer();
	const isFree = await new Promise<boolean>((settle) => {
		server.once('error', () => settle(false));
		server.listen(PREFERRED_PORT, PREFERRED_HOST, () => server.close(() => settle(true)));
	});
	if (isFree) return [];
	report(`${PREFERRED_HOST}:${PREFERRED_PORT} is taken, so a free port is used`);
	return ['--listen', `${PREFERRED_HOST}:0`];
}

/** Passes the command's output and signals on, and its exit code; adds a curl line after the URL. */
async function run(program: string, argv: readonly string[]): Promise<void> {
	const child = spawn(program, argv, { stdio: ['inherit', 'pipe', 'inherit'], cwd: ROOT });
	createInterface({ input: child.stdout }).on('line', (line) => {
		console.log(line);
		if (!/^https?:\S+$/.test(line)) return;
		report(`try: curl '${line}/any/path?x=1'`);
		report(`Ctrl-C ends it; then, for a function of your own: ${relative(ROOT, program)} init`);
	});
	// A terminal sends SIGINT to the whole group, so the child already has it.
	process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
	for (const name of ['SIGTERM', 'SIGHUP'] as const) process.on(name, () => child.kill(name));
	await new Promise<void>((settle, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
			settle();
		});
	});
}
