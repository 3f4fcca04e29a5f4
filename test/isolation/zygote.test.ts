/** Real places in which a program waits for its function: needs root, or capabilities in a user namespace. */
import { openSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPipe } from '../../src/engine/pipe.ts';
import { adopt } from '../../src/engine/sockets.ts';
import { zygoteScript } from '../../src/isolation/init-script.ts';
import { namespaceSupport } from '../../src/isolation/namespace-support.ts';
import { PlaceStock } from '../../src/isolation/place-stock.ts';
import { planRoot } from '../../src/isolation/root-plan.ts';
import { ThreadClient } from '../../src/isolation/thread-client.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('zygotes');
const support = namespaceSupport(process.env);
const onDeno = 'Deno' in globalThis;
/** Tells that it waits, takes its start message, listens, tells that, and answers with the message and its descriptors. */
const WAITING = `
open(my $told, ">&=", 3); open(my $start, "<&=", 4); open(my $order, "<&=", 5);
syswrite($told, "w"); sysread($order, $_, 1) or exit 0;
sysread($start, my $message, 65536);
socket(S, PF_INET, SOCK_STREAM, 6); bind(S, sockaddr_in(8000, inet_aton("127.0.0.1"))) or die; listen(S, 64);
syswrite($told, "l");
while (accept(C, S)) { sysread(C, $_, 65536); my $t = $message . \`cat /opt/function/code/text\`;
syswrite(C, "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($t) . "\\r\\n\\r\\n$t"); close C; }`;
const script = (program: string) =>
	zygoteScript(['/usr/bin/perl', '-MSocket', '-e', program], { LANG: 'C' }, {});

let thread: ThreadClient;
let places: PlaceStock;

function isolated(run: () => Promise<void>): () => Promise<void> | void {
	return onDeno ? () => assert.is(support.kind, 'unsupported') : run;
}

test.before(() => {
	if (onDeno) return;
	if (support.kind !== 'supported') throw new Error('run the tests as root, with util-linux installed');
	const { tools, privileged } = support;
	const limits = { descriptorsMax: 256, processesMax: null };
	const path = '/usr/bin:/bin';
	thread = new ThreadClient(() => {});
	const root = planRoot({ expose: [], hide: [] }, path);
	places = new PlaceStock(thread, { key: 'zygotes', root, tools, limits, born: {}, privileged }, null);
});
test.after(() => thread?.close());

test(
	'Z-4: a program that waits in its place gets its start message and code, and tells when it listens',
	isolated(async () => {
		const place = await places.make(null);
		const { id } = place;
		await thread.call('load', { id, script: script(WAITING) });
		assert.match(readFileSync(`/proc/${place.bootstrapPid}/comm`, 'latin1'), 'perl');
		const status = readFileSync(`/proc/${place.bootstrapPid}/status`, 'latin1');
		assert.match(status, /^NoNewPrivs:\t1$/m);
		assert.match(status, /^CapBnd:\t0+$/m);
		await using folder = await functionFolder({ text: 'code' });
		const rest = { tmpMb: 512, interpreters: [], edgeFolder: null, script: '{"environment":{}}' };
		const listening = thread.call('awaitListening', { id, timeoutMs: 10_000 });
		await thread.call('start', { id, codeRoot: folder.path, ...rest });
		for await (const told of readPipe(place.toldFd)) {
			assert.is(String(told), 'l');
			break;
		}
		assert.match(await answerOn(await listening), '{"environment":{}}code');
		// Whoever read it has closed it.
		await places.end({ ...place, toldFd: openSync('/dev/null', 'r') });
	}),
);

test(
	'Z-4: a program that ends instead of waiting makes the place fail, and nothing of it is left',
	isolated(async () => {
		const place = await places.make(null);
		try {
			await thread.call('load', { id: place.id, script: script('exit 3') });
			assert.unreachable();
		} catch (error) {
			assert.match((error as Error).message, 'has ended');
		}
		await places.end(place);
	}),
);

/** What comes on a connection after a request. */
function answerOn(fd: number | null): Promise<string> {
	assert.type(fd, 'number');
	return new Promise((resolve) => {
		let text = '';
		const handler = {
			onData: (bytes: Buffer) => {
				text += bytes;
			},
			onDrain() {},
			onEnd: () => connection.destroy(),
			onClose: () => resolve(text),
		};
		const connection = adopt(fd as number, handler, () => {});
		connection.writeHead('GET / HTTP/1.1\r\nHost: a\r\n\r\n', null);
	});
}

test.run();
