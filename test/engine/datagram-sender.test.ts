import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatagramSender } from '../../src/engine/datagram-sender.ts';
import { libc } from '../../src/engine/libc.ts';
import { NotifySocket } from '../harness/notify-socket.ts';

const test = suite('datagram sender');

test('V-1: a datagram reaches a Unix socket at a path and one by name; where nobody listens it is refused at once', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-datagram-'));
	try {
		for (const place of [join(folder, 'notify'), `@httpfn-test-${process.pid}`]) {
			if (libc() === null) {
				assert.is(openDatagramSender(place), null);
				continue;
			}
			const early = openDatagramSender(place);
			assert.is(early?.send('A=1'), false);
			early?.close();
			await using socket = new NotifySocket(place);
			const sender = openDatagramSender(place);
			assert.is(sender?.send('A=1\nB=two = 2'), true);
			assert.equal(await socket.message(() => true), { A: '1', B: 'two = 2' });
			sender?.close();
			sender?.close();
			assert.is(sender?.send('A=1'), false);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('V-2: a place that is neither a path nor a name, or too long for a socket, is refused', () => {
	for (const place of ['', 'relative', '@', `/${'x'.repeat(107)}`, '/a\0b'])
		assert.is(openDatagramSender(place), null);
});

test.run();
