import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { openAccessLog } from '../../src/server/open-access-log.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('openAccessLog');

test('G-155: a file that can not be opened, and a pipe that nobody reads, are refused before anything is served', () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-access-'));
	const pipe = path.join(folder, 'pipe');
	execFileSync('mkfifo', [pipe]);
	for (const to of [path.join(folder, 'none', 'access.log'), folder, pipe]) {
		let code = '';
		try {
			openAccessLog({ to, format: 'json', coloured: false }, new RecordingLog());
		} catch (error) {
			code = error instanceof RuntimeError ? error.code : String(error);
		}
		assert.is(code, 'ERR_ACCESS_LOG', to);
	}
	assert.is(openAccessLog(null, new RecordingLog()), null);
	fs.rmSync(folder, { recursive: true });
});

test.run();
