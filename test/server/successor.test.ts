import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startSuccessor } from '../../src/server/successor.ts';

const test = suite<{ folder: string }>('successor');

/** Asks for the state folder, and gets no further. Its end of the pipe is the descriptor after the one that it reads. */
const ASKS = `#!/bin/sh
echo '{"kind":"state"}' >&4
exec sleep 60
`;

test.before.each((context) => {
	context.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-successor-'));
});
test.after.each(({ folder }) => fs.rmSync(folder, { recursive: true }));

test('V-39: what is said too late reaches nobody', async ({ folder }) => {
	const file = path.join(folder, 'httpfn');
	fs.writeFileSync(file, ASKS, { mode: 0o755 });
	const lent = Promise.withResolvers<void>();
	const cancelled = new AbortController();
	const starting = startSuccessor({
		...{ file, args: [], environment: {}, sockets: [], control: null, timeoutMs: 30_000 },
		lendState: () => {
			cancelled.abort();
			return lent.promise;
		},
		signal: cancelled.signal,
	});
	await starting.then(
		() => assert.unreachable(),
		(error) => assert.is(error.code, 'ERR_UPGRADE_FAILED'),
	);
	// One of these has the number that its pipe had.
	const others = Array.from({ length: 16 }, (_, index) => path.join(folder, `${index}`));
	const descriptors = others.map((other) => fs.openSync(other, 'w'));
	lent.resolve();
	await setImmediate();
	for (const descriptor of descriptors) fs.closeSync(descriptor);
	assert.equal(
		others.filter((other) => fs.readFileSync(other, 'utf8') !== ''),
		[],
	);
});

test.run();
