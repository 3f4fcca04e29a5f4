import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import type { ServeSettings } from '../../src/config/serve-settings.ts';
import type { Isolation } from '../../src/process/sandbox.ts';
import { FunctionsServer } from '../../src/server/functions-server.ts';
import { LocalFront } from '../../src/server/local-front.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('FunctionsServer');
const LISTEN = [{ at: { kind: 'tcp', host: '127.0.0.1', port: 0 }, secure: false }] as const;

/** Counts what it is asked to start, and starts nothing. */
class CountingIsolation implements Isolation {
	readonly kind = 'namespace';
	readonly instancesMax = 3;
	readonly starts: string[] = [];

	async start({ settings }: Parameters<Isolation['start']>[0]): Promise<never> {
		this.starts.push(settings.name);
		throw new Error('this test starts nothing');
	}

	async close(): Promise<void> {}
}

/** Settings of functions with these names, all of the code in `folder`; `change` is one more word of the settings of some. */
function settingsOf(folder: string, names: readonly string[], change: Readonly<Record<string, string>> = {}) {
	const none = { environment: {}, configPath: null, mistakes: [], folder, workingFolder: folder };
	const plans = names.map((name) => {
		const env = [`B=${change[name] ?? ''}`, 'A=1'];
		return [
			name,
			resolveSettings({
				...none,
				flags: new Map([
					['name', [name]],
					['env', env],
				]),
			}),
		] as const;
	});
	const routes = names.map(
		(plan) => ({ host: null, path: `/${plan}`, match: 'prefix', method: null, plan }) as const,
	);
	const host = {
		listen: LISTEN,
		isolation: 'auto',
		workers: 1,
		accessLog: null,
		pidFile: null,
		trustedProxies: [],
		proxyProtocol: [],
		tls: null,
		limits: { connectionsMax: 100, connectionsPerAddressMax: 100, heldBytesMax: 100_000_000 },
		queuedMax: 100,
		logFormat: 'auto',
		logLevel: 'info',
	} as const;
	return { ...host, control: null, configPath: '/x', plans: new Map(plans), routes } satisfies ServeSettings;
}

async function startedWith(settings: ServeSettings, isolation: Isolation): Promise<FunctionsServer> {
	const log = new RecordingLog();
	const options = { settings, log, functionLog: () => log, hostEnvironment: {} };
	const front = new LocalFront({ log });
	const server = new FunctionsServer(options, {
		isolation,
		accessLog: null,
		front,
		cleared: () => Promise.resolve(),
	});
	await server.start();
	return server;
}

test('U-72: a reload starts what is new or changed, keeps the rest and retires what is gone or changed', async () => {
	await using folder = await functionFolder({ bootstrap: 'true\n' });
	const isolation = new CountingIsolation();
	const server = await startedWith(settingsOf(folder.path, ['a', 'b', 'c']), isolation);
	const next = settingsOf(folder.path, ['d', 'b', 'a'], { a: 'changed' });
	assert.equal(await server.reload(next), { started: ['d', 'a'], kept: ['b'], retired: ['a', 'c'] });
	assert.equal(await server.reload(next), { started: [], kept: ['d', 'b', 'a'], retired: [] });
	assert.equal(isolation.starts, []);
	await server.stop(0);
});

test('U-79: more functions than the isolation has room for are refused, and those that are served stay', async () => {
	await using folder = await functionFolder({ bootstrap: 'true\n' });
	const settings = settingsOf(folder.path, ['a']);
	const server = await startedWith(settings, new CountingIsolation());
	const refusal = await server
		.reload(settingsOf(folder.path, ['a', 'b', 'c', 'd']))
		.catch((error) => error.code);
	assert.is(refusal, 'ERR_ISOLATION_UNAVAILABLE');
	assert.equal((await server.reload(settings)).kept, ['a']);
	await server.stop(0);
});

test('U-72: after a stop has begun nothing is exchanged any more', async () => {
	await using folder = await functionFolder({ bootstrap: 'true\n' });
	const settings = settingsOf(folder.path, ['a']);
	const server = await startedWith(settings, new CountingIsolation());
	const stopped = server.stop(0);
	assert.is(await server.reload(settings).catch((error) => error.code), 'ERR_DRAINING');
	await stopped;
});

test.run();
