/** Real places, made by this process: needs root, or capabilities in a user namespace. */
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionSettings } from '../../src/contract/function-settings.ts';
import type { SandboxSettings } from '../../src/contract/sandbox-settings.ts';
import type { Connection } from '../../src/engine/connection.ts';
import { NamespaceIsolation } from '../../src/isolation/namespace-isolation.ts';
import { namespaceSupport } from '../../src/isolation/namespace-support.ts';
import type { Sandbox } from '../../src/process/sandbox.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { until } from '../harness/until.ts';

const test = suite('namespace isolation');
const support = namespaceSupport(process.env);
const SANDBOX: SandboxSettings = {
	tmpMb: 512,
	egress: { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false },
	interpreters: {},
	expose: [],
	hide: [],
};
/** Answers each connection with what `answer`, a shell command, prints; without a program of its own, so that it starts fast. */
const SERVER = (answer: string) =>
	`exec perl -MSocket -e '
socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
bind(S, sockaddr_in(8000, inet_aton("127.0.0.1"))) or die; listen(S, 64);
while (accept(C, S)) { sysread(C, $_, 65536); my $t = \`${answer}\`;
syswrite(C, "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($t) . "\\r\\n\\r\\n$t"); close C; }'`;

const onDeno = 'Deno' in globalThis;
let isolation: NamespaceIsolation;

/** What needs namespaces: on Deno, which gives none, that is what is seen instead. */
function isolated(run: () => Promise<void>): () => Promise<void> | void {
	return onDeno ? () => assert.is(support.kind, 'unsupported') : run;
}

test.before(() => {
	if (onDeno) return;
	assert.is(support.kind, 'supported', 'run the tests as root, with util-linux installed');
	if (support.kind === 'supported') isolation = new NamespaceIsolation(support);
});
test.after(() => isolation?.close());

if (onDeno) {
	test('I-30: an engine that cannot call the C library is told so', () => {
		assert.is(support.kind, 'unsupported');
	});
}

test(
	'I-31: instances listen side by side, each on its own 127.0.0.1:8000',
	isolated(async () => {
		const started = await Promise.all(
			['a', 'b', 'c'].map(async (name) => {
				const script = `echo -n ${name} > /tmp/name\n`;
				await using own = await functionFolder({ bootstrap: script + SERVER('cat /tmp/name') });
				return await start(own.path);
			}),
		);
		const answers = await Promise.all(started.map((sandbox) => ask(sandbox)));
		assert.equal(answers, ['a', 'b', 'c']);
		assert.equal(await Promise.all(started.map((sandbox) => sandbox.end(1000))), [0, 0, 0]);
	}),
);

test(
	'I-126: a function that takes one request a connection is asked hundreds of times, and no socket is left of it',
	isolated(async () => {
		await using folder = await functionFolder({ bootstrap: SERVER('echo -n one') });
		const sandbox = await start(folder.path);
		const before = socketsIn(sandbox.pid);
		for (let round = 0; round < 10; round++) {
			const answers = await Promise.all(Array.from({ length: 20 }, () => ask(sandbox)));
			assert.equal(new Set(answers), new Set(['one']));
		}
		await until('unused sockets are closed', () => (socketsIn(sandbox.pid) <= before ? true : null));
		await sandbox.end(0);
	}),
);

test(
	'I-32: the function is user 1003 without capabilities, its code read-only, /tmp its own and of the promised size',
	isolated(async () => {
		const command =
			'id -u; id -g; pwd; touch x 2>/dev/null && echo writable; df --output=size -m /tmp | tail -1; ls -A /tmp; ' +
			'grep -c -E "^Cap...:.0000000000000000|^NoNewPrivs:.1" /proc/self/status';
		await using folder = await functionFolder({ bootstrap: SERVER(command) });
		const sandbox = await start(folder.path);
		const lines = (await ask(sandbox)).split('\n').map((line) => line.trim());
		assert.equal(lines.slice(0, 5), ['1003', '1003', '/opt/function/code', '512', '6']);
		await sandbox.end(0);
	}),
);

test(
	'I-33: it sees its own processes only, and none of the host’s changing folders',
	isolated(async () => {
		const command = 'ls /proc | grep -c "^[0-9]"; ls -A /home /root /run /var/lib';
		await using folder = await functionFolder({ bootstrap: SERVER(command) });
		const sandbox = await start(folder.path);
		const [count, ...rest] = (await ask(sandbox)).split('\n');
		assert.ok(Number(count) < 10, count);
		const shown = rest.filter((line) => line !== '' && !line.endsWith(':'));
		assert.equal(
			shown.filter((line) => line !== 'snuser' && !line.startsWith('.')),
			[],
		);
		await sandbox.end(0);
	}),
);

test(
	'I-121: whatever umask httpfn has, a function reads its files, and has the usual one',
	isolated(async () => {
		if (support.kind !== 'supported') return;
		await using folder = await functionFolder({
			bootstrap: SERVER('umask; cat /etc/passwd | grep -c snuser'),
		});
		const before = process.umask(0o077);
		const strict = new NamespaceIsolation(support);
		try {
			const sandbox = await start(folder.path, strict);
			assert.equal((await ask(sandbox)).trim().split('\n'), ['0022', '1']);
			await sandbox.end(0);
		} finally {
			process.umask(before);
			await strict.close();
		}
	}),
);

test(
	'I-123: an isolation that closes leaves the instances of another one in the same process alone',
	isolated(async () => {
		if (support.kind !== 'supported') return;
		await using folder = await functionFolder({ bootstrap: SERVER('echo well') });
		const sandbox = await start(folder.path);
		const other = new NamespaceIsolation(support);
		const neighbour = await start(folder.path, other);
		await neighbour.end(0);
		await other.close();
		assert.is((await ask(sandbox)).trim(), 'well');
		assert.is(await sandbox.end(1000), 0);
	}),
);

test(
	'I-34: whatever a function left running ends with it: daemons in sessions of their own too',
	isolated(async () => {
		const bootstrap = `(setsid setsid sleep 1000 & echo started >&2)\n${SERVER('true')}`;
		await using folder = await functionFolder({ bootstrap });
		const sandbox = await start(folder.path);
		await ask(sandbox);
		const before = namespaceMembers(sandbox.pid);
		assert.ok(before.length >= 3, String(before));
		assert.is(await sandbox.end(1000), 0);
		assert.equal(
			before.filter((pid) => existsSync(`/proc/${pid}/ns`) && !isZombie(pid)),
			[],
		);
	}),
);

test(
	'I-35: the exit of the bootstrap is told as it was, by code or signal',
	isolated(async () => {
		const exitOf = async (bootstrap: string) => {
			await using folder = await functionFolder({ bootstrap });
			const sandbox = await isolation.start(request(folder.path));
			const { code, signal } = await sandbox.exited;
			return [code, signal];
		};
		assert.equal(await exitOf('exit 3'), [3, null]);
		assert.equal(await exitOf('exit 0'), [0, null]);
		assert.equal(await exitOf('kill -SEGV $$'), [null, 'SIGSEGV']);
	}),
);

test(
	'I-36: no thread of httpfn but the one for namespaces leaves the host’s',
	isolated(async () => {
		await using folder = await functionFolder({ bootstrap: SERVER('true') });
		const sandbox = await start(folder.path);
		await Promise.all(Array.from({ length: 20 }, () => ask(sandbox)));
		const own = readlinkSync('/proc/self/ns/mnt');
		const away = readdirSync('/proc/self/task').filter((thread) => {
			const name = readFileSync(`/proc/self/task/${thread}/comm`, 'latin1').trim();
			// Collectors and compilers that the engine starts from that thread touch neither files nor sockets.
			if (/^(?:HeapHelper|JITWorker|.*GC.*)$/.test(name)) return false;
			return readlinkSync(`/proc/self/task/${thread}/ns/mnt`) !== own;
		});
		assert.is(away.length, 1, String(away));
		await sandbox.end(0);
	}),
);

test(
	'I-37: a code folder that user 1003 may not read is ERR_BOOTSTRAP_UNREADABLE',
	isolated(async () => {
		await using folder = await functionFolder({ bootstrap: 'true' });
		chmodSync(folder.path, 0o700);
		try {
			await isolation.start(request(folder.path));
			assert.unreachable();
		} catch (error) {
			assert.is((error as { code?: string }).code, 'ERR_BOOTSTRAP_UNREADABLE');
		}
	}),
);

test(
	'I-38: a port that is not 8000, or not on 127.0.0.1, is named',
	isolated(async () => {
		await using folder = await functionFolder({ bootstrap: SERVER('true').replace('8000', '3000') });
		const sandbox = await isolation.start(request(folder.path));
		const readiness = await sandbox.awaitReadiness({ timeoutMs: 500, signal: new AbortController().signal });
		assert.is(readiness.kind, 'timeout');
		assert.is(await sandbox.isListening(), false);
		assert.match(await sandbox.listeningPlaces(), '3000');
		await sandbox.end(0);
	}),
);

async function start(codeRoot: string, by: NamespaceIsolation = isolation): Promise<Sandbox> {
	const sandbox = await by.start(request(codeRoot));
	const readiness = await sandbox.awaitReadiness({
		timeoutMs: 10_000,
		signal: new AbortController().signal,
	});
	assert.is(readiness.kind, 'ready');
	if (readiness.kind === 'ready') readiness.connection?.destroy();
	return sandbox;
}

function request(codeRoot: string) {
	const settings: FunctionSettings = { ...SETTINGS, codeRoot };
	return { settings, sandbox: SANDBOX, hostEnvironment: { PATH: process.env.PATH }, log: new RecordingLog() };
}

/** The body of one answer. */
function ask(sandbox: Sandbox): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		const over = (): void => resolve(text.slice(text.indexOf('\r\n\r\n') + 4));
		const connection: Connection = sandbox.connect(
			{
				onData: (bytes) => {
					text += bytes;
				},
				onDrain() {},
				onEnd: () => connection.destroy(),
				onClose: (error) => (error === null ? over() : reject(error)),
			},
			() => {},
		);
		connection.writeHead('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', null);
	});
}

/** How many sockets there are in the network of a process, whoever has them. */
function socketsIn(pid: number): number {
	return Number(/^sockets: used (\d+)$/m.exec(readFileSync(`/proc/${pid}/net/sockstat`, 'latin1'))?.[1]);
}

function namespaceMembers(pid: number): number[] {
	const own = readlinkSync(`/proc/${pid}/ns/pid`);
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((member) => {
			try {
				return readlinkSync(`/proc/${member}/ns/pid`) === own;
			} catch {
				return false;
			}
		});
}

function isZombie(pid: number): boolean {
	try {
		return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z');
	} catch {
		return true;
	}
}

test.run();
