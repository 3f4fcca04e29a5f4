import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { base64WasmFile } from '../../scripts/generate-base64-wasm.ts';

const test = suite('generate Base64 WebAssembly');

test('B-120: the WebAssembly for Base64 is what its source says, to the byte', async () => {
	const path = new URL('../../src/http1/base64-wasm.ts', import.meta.url);
	assert.is(readFileSync(path, 'utf8'), await base64WasmFile());
});

test.run();
