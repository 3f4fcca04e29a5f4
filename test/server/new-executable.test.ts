import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newExecutable } from '../../src/server/new-executable.ts';

const test = suite('new-executable');

test('V-36: what is refused leaves nothing, and what an earlier upgrade serves from stays, whoever had the number of its process', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'httpfn-new-'));
	try {
		const served = [`.upgrade-${process.pid}`, `.upgrade-${process.pid}-abcdef`];
		for (const name of served) mkdirSync(path.join(folder, name));
		const judged: string[] = [];
		const refused = newExecutable({
			file: '/bin/true',
			running: path.join(folder, served[1] ?? '', 'httpfn'),
			replace: true,
			judge: (file) => {
				judged.push(file);
				return Promise.reject(new Error('not trusted'));
			},
		});
		await refused.then(
			() => assert.unreachable(),
			(error: Error) => assert.is(error.message, 'not trusted'),
		);
		// What is judged is the copy: nobody can exchange it before it is started.
		assert.is(path.dirname(path.dirname(judged[0] ?? '')), folder);
		assert.equal(readdirSync(folder).sort(), served);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test.run();
