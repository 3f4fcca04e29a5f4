/**
 * Serves as many functions as the first word says, none of which is ever asked anything, and prints the bytes that takes: those
 * that are resident once the engine has given back what it needed for reading the file, and those that are live.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { resolveServe } from '../../src/config/resolve-serve.ts';
import { FunctionsServer } from '../../src/server/functions-server.ts';
import { LocalFront } from '../../src/server/local-front.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const LOOK_MS = 50;
/** So many looks in a row that find no less: then the memory is at rest. */
const LOOKS_WITHOUT_CHANGE = 12;

const collect = collector();
const count = Number(process.argv[2]);
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-idle-'));
const functions: Record<string, unknown> = {};
for (let index = 0; index < count; index++) {
	const name = `f${index}`;
	fs.mkdirSync(path.join(base, name));
	fs.writeFileSync(path.join(base, name, 'bootstrap'), 'true\n');
	functions[name] = { code: name, memory: 256, env: { INDEX: `${index}` }, routes: [{ path: `/${name}` }] };
}
const configPath = path.join(base, 'httpfn.json');
fs.writeFileSync(configPath, JSON.stringify({ listen: '127.0.0.1:0', functions }));
const input = { workingFolder: base, environment: {}, flags: new Map(), configPath, mistakes: [] };
const settings = await resolveServe(input);

/** Nothing is started: no request comes. */
const isolation = {
	kind: 'namespace' as const,
	instancesMax: Number.POSITIVE_INFINITY,
	start: () => Promise.reject(new Error('an idle function was started')),
	close: async () => {},
};
const log = new RecordingLog();
const options = { settings, log, functionLog: () => log, hostEnvironment: {} };
const server = new FunctionsServer(options, {
	isolation,
	accessLog: null,
	front: new LocalFront({ log }),
	cleared: () => Promise.resolve(),
});
await server.start();
server.announced();
const residentBytes = await bytesAtRest();
const liveBytes = process.memoryUsage().heapUsed;
await server.stop(0);
fs.rmSync(base, { recursive: true });
process.stdout.write(JSON.stringify({ residentBytes, liveBytes }));

async function bytesAtRest(): Promise<number> {
	let least = Number.POSITIVE_INFINITY;
	for (let same = 0; same < LOOKS_WITHOUT_CHANGE; same++) {
		collect();
		await delay(LOOK_MS);
		const bytes = process.memoryUsage.rss();
		if (bytes < least) [least, same] = [bytes, 0];
	}
	return least;
}

/** Does at once what the engine does by itself in a process that has nothing else to do. */
function collector(): () => void {
	const { Bun } = globalThis as { Bun?: { gc(full: boolean): void } };
	if (Bun !== undefined) return () => Bun.gc(true);
	v8.setFlagsFromString('--expose-gc');
	const gc: unknown = vm.runInNewContext('typeof gc === "function" ? gc : null');
	return typeof gc === 'function' ? () => gc({ type: 'major', flavor: 'last-resort' }) : () => {};
}
