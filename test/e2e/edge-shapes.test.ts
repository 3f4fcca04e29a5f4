/** What a fetch handler may look like, and what is said of one that can not be served; with the built executable. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { type Answer, exchange } from '../harness/exchange.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { ownHost, type Served } from '../harness/hosts.ts';
import { EDGE_FUNCTIONS, type EdgeFunctionName } from './edge-functions.ts';

const test = suite('shapes of edge functions');
let folder: FunctionFolder;
let served: Served;

test.before(async () => {
	const files = Object.entries(EDGE_FUNCTIONS).flatMap(([name, own]) =>
		Object.entries(own).map(([file, text]) => [`${name}/${file}`, text] as const),
	);
	folder = await functionFolder(Object.fromEntries(files));
	const functions = Object.keys(EDGE_FUNCTIONS).map((name) => [
		name,
		{
			code: `${folder.path}/${name}`,
			env: { GREETING: 'hi' },
			routes: [{ path: `/${name}`, match: 'prefix' }],
		},
	]);
	served = await ownHost.serve({ functions: Object.fromEntries(functions) });
});

test.after(async () => {
	await served[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

function ask(name: EdgeFunctionName, rest = ''): Promise<Answer> {
	return exchange(served.running.url, { target: `/${name}${rest}` });
}

test('X-4: a function of a request and what CommonJS exports answer too', async () => {
	assert.is((await ask('plain', '/a')).text, 'plain /plain/a');
	assert.is((await ask('common')).text, 'common');
});

test('X-5: Bun.serve and Deno.serve on any port serve the function, on either executable', async () => {
	assert.is((await ask('bun')).text, 'bun hi 8000');
	assert.is((await ask('imported')).text, 'imported');
	assert.is((await ask('deno')).text, 'deno hi data');
});

test('X-6: packages, JSON and text are bundled, and import.meta is that of the entry where it lies', async () => {
	const { json } = await ask('files');
	const dirname = '/opt/function/code/src';
	assert.equal(json, { words: 'words', numbers: [1, 2], answer: 42, near: 'near', dirname });
});

test('X-7: a package that package.json names as external comes from the function’s own node_modules', async () => {
	assert.is((await ask('external')).text, '/opt/function/code/node_modules/left/main.js');
});

test('X-8: what a handler throws is answered with 500, and its stack trace in the log names the author’s lines', async () => {
	const answer = await ask('throws');
	assert.is(answer.status, 500);
	assert.not.match(answer.text, /failed with/);
	await served.running.output('failed with 7');
	await served.running.output(`${folder.path}/throws/lib/deep.ts:4`);
	await served.running.output(`${folder.path}/throws/index.ts:7`);
	assert.is((await ask('throws', '?nothing')).status, 500);
	await served.running.output('wanted a Response');
});

test('X-9: a module without a handler, or with one that is none, is ERR_EDGE_HANDLER', async () => {
	for (const name of ['no-handler', 'class-handler'] as const) {
		const answer = await ask(name);
		assert.is(answer.status, 500, name);
		assert.is(answer.header('X-Httpfn-Error'), 'ERR_EDGE_HANDLER', name);
	}
});

test('X-10: a module that throws while it is loaded, or waits for what never comes, is ERR_EDGE_LOAD', async () => {
	for (const name of ['load-throws', 'never-loads'] as const) {
		assert.is((await ask(name)).header('X-Httpfn-Error'), 'ERR_EDGE_LOAD', name);
	}
	await served.running.output(`${folder.path}/load-throws/index.js:1`);
});

test('X-11: what another engine has and httpfn does not supply is refused by name: at load as ERR_EDGE_API_MISSING, later in the log', async () => {
	assert.is((await ask('missing-at-load')).header('X-Httpfn-Error'), 'ERR_EDGE_API_MISSING');
	assert.is((await ask('missing-at-use')).status, 500);
	await served.running.output('Deno.openKv is not there');
});

test('X-12: sources that can not be bundled are ERR_EDGE_BUILD, in the bundler’s words with file and line; check says so too', async () => {
	await using broken = await functionFolder({
		'index.ts': "\nimport x from 'not-there';\nexport default x;\n",
	});
	const checked = await runBinary(['check', broken.path]);
	assert.is(checked.code, 1, checked.stderr);
	assert.match(checked.stderr, /ERR_EDGE_BUILD/);
	assert.match(checked.stderr, /index\.ts:2:14/);
	assert.is((await runBinary(['run', broken.path, '--listen', '127.0.0.1:0'])).code, 1);
});

test.run();
