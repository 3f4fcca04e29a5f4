/** The function of test/e2e/probe-function, built once, and questions to it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Answer, exchange } from './exchange.ts';
import type { FunctionFolder } from './function-folder.ts';

const SOURCE = join(import.meta.dirname, '../e2e/probe-function');
const CACHE = join(import.meta.dirname, '../../.cache/probe-function');

/** What the function says; which members there are is up to the question. */
export interface Told {
	readonly answer: Answer;
	/** One name for each instance. */
	readonly instance: string;
	/** Why it could not do what it was asked; empty where it could. */
	readonly error: string;
	readonly [name: string]: unknown;
}

/** A folder of its own, which every user may read. `files` are added. */
export async function probeFunction(files: Readonly<Record<string, string>> = {}): Promise<FunctionFolder> {
	const path = await mkdtemp(join(tmpdir(), 'httpfn-probe-'));
	await chmod(path, 0o755);
	const built = buildProbe();
	await copyFile(built, join(path, 'probe'));
	await chmod(join(path, 'probe'), 0o755);
	const bootstrap = readFileSync(join(SOURCE, 'bootstrap'), 'utf8');
	for (const [name, content] of Object.entries({ bootstrap, ...files })) {
		await writeFile(join(path, name), content, { mode: 0o644 });
		await chmod(join(path, name), 0o644);
	}
	return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Asks on a connection of its own. Throws where the answer is not the function's. */
export async function ask(
	url: string,
	path: string,
	query: Readonly<Record<string, string | number>> = {},
): Promise<Told> {
	const words = Object.entries(query).map(([name, value]) => [name, String(value)]);
	const answer = await exchange(url, { target: `${path}?${new URLSearchParams(words)}` });
	if (answer.header('X-Httpfn-Error') !== null || answer.status !== 200) {
		throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
	}
	return { error: '', ...(answer.json as object), answer } as unknown as Told;
}

/** Kept under the digest of its source; two who build at once do not disturb each other. */
function buildProbe(): string {
	const digest = createHash('sha256')
		.update(readFileSync(join(SOURCE, 'main.go')))
		.digest('hex');
	const wanted = join(CACHE, digest.slice(0, 16), 'probe');
	if (existsSync(wanted)) return wanted;
	mkdirSync(dirname(wanted), { recursive: true });
	const made = `${wanted}-${process.pid}`;
	const done = spawnSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', made, 'main.go'], {
		cwd: SOURCE,
		encoding: 'utf8',
		env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GO111MODULE: 'off' },
	});
	if (done.status !== 0) {
		rmSync(made, { force: true });
		throw new Error(`go build in ${SOURCE} failed:\n${done.error?.message ?? ''}${done.stderr}`);
	}
	renameSync(made, wanted);
	return wanted;
}
