import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeIdentity } from '../../src/server/code-identity.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('codeIdentity');

test('U-80: code is the same until its folder or its bootstrap is another, or bootstrap is changed or touched', async () => {
	await using folder = await functionFolder({ 'one/bootstrap': 'true\n', 'two/bootstrap': 'true\n' });
	const link = path.join(folder.path, 'current');
	fs.symlinkSync('one', link);
	const first = await codeIdentity(link);
	fs.writeFileSync(path.join(link, 'app.mjs'), '');
	assert.is(await codeIdentity(link), first);
	assert.is(await codeIdentity(path.join(folder.path, 'one')), first);
	fs.utimesSync(path.join(link, 'bootstrap'), 1, 1);
	const touched = await codeIdentity(link);
	fs.writeFileSync(path.join(link, 'bootstrap'), 'false\n');
	const written = await codeIdentity(link);
	fs.unlinkSync(link);
	fs.symlinkSync('two', link);
	const other = await codeIdentity(link);
	assert.is(new Set([first, touched, written, other]).size, 4);
	fs.rmSync(path.join(link, 'bootstrap'));
	assert.is(await codeIdentity(link), null);
});

test.run();
