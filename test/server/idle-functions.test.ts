import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineName } from '../../src/engine/engine-name.ts';
import { runSource } from '../harness/source-process.ts';

const test = suite('idle functions');
const FUNCTIONS = 200;
const BYTES_EACH_MAX = 60 * 1024;
const ROUNDS = 3;

/** Deno has no way to be asked for a collection, and no product is made with it: there what is live is judged. */
const MEASURE = engineName().name === 'deno' ? 'liveBytes' : 'residentBytes';

async function bytesWith(count: number): Promise<number> {
	const { code, stdout, stderr } = await runSource('test/server/idle-functions.ts', [`${count}`]);
	assert.is(code, 0, stderr);
	return JSON.parse(stdout)[MEASURE];
}

test('U-81: two hundred functions that are declared and idle cost under 60 KB each, the reading of their file included', async () => {
	// What the engine itself takes varies by megabytes from run to run: the least of several is what is needed.
	let [one, many] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	for (let round = 0; round < ROUNDS; round++) {
		one = Math.min(one, await bytesWith(1));
		many = Math.min(many, await bytesWith(1 + FUNCTIONS));
	}
	const each = (many - one) / FUNCTIONS;
	assert.ok(each < BYTES_EACH_MAX, `${Math.round(each / 1024)} KB each`);
});

test.run();
