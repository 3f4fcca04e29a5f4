import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EDGE_APIS, edgeApis } from '../../scripts/edge-apis.ts';
import { edgePageIsCurrent } from '../../scripts/generate-edge-apis.ts';
import { engineName } from '../../src/engine/engine-name.ts';

const test = suite('generate the table of edge functions');

test('X-20: the table of docs/edge.md is what the engines tell', async () => {
	assert.ok(await edgePageIsCurrent());
});

test('X-20: on this engine what is its own is native, and of the other what the page says is supplied', () => {
	const apis = edgeApis();
	const own = { node: '', bun: 'Bun.', deno: 'Deno.' }[engineName().name];
	for (const name of EDGE_APIS) {
		const found = apis[name];
		if (found === 'native') assert.ok(own !== '' && name.startsWith(own), name);
		if (found === 'supplied') assert.not.ok(own !== '' && name.startsWith(own), name);
	}
	for (const name of ['Bun.serve', 'Bun.env', 'Bun.file', 'Deno.serve', 'Deno.env', 'Deno.readTextFile']) {
		assert.ok(apis[name], name);
	}
});

test.run();
