/** Hosts that refuse namespaces to whoever has the right to make them: a limit of the system does that here. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DirectIsolation } from '../../src/isolation/direct-isolation.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { type SourceResult, startSource } from '../harness/source-process.ts';

const test = suite('opening the isolation');
const REFUSING = [
	...['unshare', '--user', '--map-root-user', '--', 'sh', '-c'],
	'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"',
	'sh',
];
const ISOLATIONS_OF_DENO = 'Deno' in globalThis;

/** The command up to its end, or to its URL, on which it is stopped. */
async function started(argv: readonly string[]): Promise<SourceResult> {
	const options = ['--listen', '127.0.0.1:0', '--log-format', 'json'];
	const { child, exited } = startSource('src/cli/main.ts', [...argv, ...options], { through: REFUSING });
	const texts = { stdout: '', stderr: '' };
	child.stdin?.end();
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		texts.stderr += text;
	});
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		texts.stdout += text;
		child.kill('SIGTERM');
	});
	return { code: (await exited).code, ...texts };
}

test('I-60: --isolation namespace on a host that refuses a place ends before a URL is told', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec sleep 100\n' });
	const { code, stdout, stderr } = await started(['run', folder.path, '--isolation', 'namespace']);
	assert.is(code, 1);
	assert.is(stdout, '');
	assert.match(stderr, /ERR_ISOLATION_UNAVAILABLE/);
	if (!ISOLATIONS_OF_DENO) assert.match(stderr, /max_net_namespaces/, 'the reason is named');
});

test('I-61: chosen by httpfn itself, namespaces that the host allows none of give way to direct isolation, and the log says why', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec sleep 100\n' });
	const { stdout, stderr } = await started(['run', folder.path]);
	assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\n$/);
	const records = recordsOf(stderr);
	const listening = records.find(({ message }) => message === 'listening');
	assert.is(listening?.isolation, 'direct');
	assert.is(listening?.requestsPerInstanceMax, 1000);
	if (ISOLATIONS_OF_DENO) return;
	const said = records.find(({ advice }) => advice !== undefined);
	assert.match(String(said?.found), /max_net_namespaces/);
});

test('I-62: a restriction of egress that direct isolation cannot keep is ERR_ISOLATION_UNAVAILABLE before a URL is told', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec sleep 100\n' });
	const direct = ['run', folder.path, '--isolation', 'direct'];
	for (const mode of ['none', 'allow']) {
		const { code, stdout, stderr } = await started([...direct, '--egress', mode]);
		assert.is(code, 1);
		assert.is(stdout, '');
		assert.match(stderr, /ERR_ISOLATION_UNAVAILABLE/);
		assert.match(stderr, new RegExp(`egress ${mode}`));
	}
});

test('I-63: settings that change nothing under direct isolation are named in a warning, once', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec sleep 100\n' });
	const direct = ['run', folder.path, '--isolation', 'direct', '--eager'];
	const { stdout, stderr } = await started([...direct, '--tmp', '10240']);
	assert.match(stdout, /^http:/);
	const warnings = recordsOf(stderr).filter(({ level }) => level === 'warn');
	assert.equal(
		warnings.map(({ ignored }) => ignored),
		[['tmp']],
	);
	const quiet = recordsOf((await started(direct)).stderr);
	assert.equal(
		quiet.filter(({ level }) => level === 'warn'),
		[],
	);
});

test('I-62: a function that comes later is refused its instances', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec sleep 100\n' });
	const log = new RecordingLog();
	const refused = await new DirectIsolation()
		.start({
			settings: { ...SETTINGS, codeRoot: folder.path },
			sandbox: {
				tmpMb: 512,
				egress: { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: true },
				interpreters: {},
				expose: [],
				hide: [],
			},
			hostEnvironment: {},
			log,
		})
		.catch((error) => error.code);
	assert.is(refused, 'ERR_ISOLATION_UNAVAILABLE');
});

function recordsOf(stderr: string): Record<string, unknown>[] {
	return stderr
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test.run();
