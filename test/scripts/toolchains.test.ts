import { spawnSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { missingPackages } from '../../scripts/toolchains.ts';
import { functionFolder } from '../harness/function-folder.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/toolchains.ts');

const test = suite('toolchains');

test('E-70: a package counts as there when it, or a package that provides the same, is installed', () => {
	const absent = { package: 'no-such-package', reason: 'none' };
	const found = missingPackages([{ package: 'bash', reason: 'none' }, absent, { ...absent, orElse: 'bash' }]);
	assert.equal(found, [absent]);
});

test('E-71: without the right to install, the error is the apt-get line that does', async () => {
	await using folder = await functionFolder({});
	const query = join(folder.path, 'dpkg-query');
	await writeFile(query, '#!/bin/sh\nprintf "bash\\tii \\t\\nphp-cli\\trc \\t\\n"\n');
	await chmod(query, 0o755);
	const argv = ['--user', '--', process.execPath, SCRIPT];
	const done = spawnSync('unshare', argv, {
		encoding: 'utf8',
		env: { PATH: `${folder.path}:/usr/bin:/bin` },
	});
	assert.is(done.status, 1, done.stderr);
	assert.match(
		done.stderr,
		/sudo apt-get update && sudo apt-get install -y --no-install-recommends iproute2 .*php-cli/,
	);
	assert.not.match(done.stderr, /recommends .*\bbash\b/);
});

test.run();
