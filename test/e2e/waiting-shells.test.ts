/** Shells that wait for their function, on hosts that are not as expected. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFunction } from '../harness/binary.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { inOwnMounts } from '../harness/own-mounts.ts';

const test = suite('shells that wait');

test('Z-18: where bash is another shell, it is told of, and no bootstrap runs unasked', async () => {
	await using folder = await functionFolder({ bootstrap: 'echo > "$0.ran"' });
	await using running = await startFunction(folder.path, [], {
		prefix: inOwnMounts('mount --bind /bin/dash /bin/bash'),
	});
	await running.record(({ message }) => /^a shell that waited has ended/.test(String(message)));
	assert.not.ok(existsSync(join(folder.path, 'bootstrap.ran')));
});

test.run();
