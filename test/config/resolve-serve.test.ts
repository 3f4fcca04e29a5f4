import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pointUrl } from '../../src/config/listen-points.ts';
import { ServeBed } from './serve-bed.ts';

const test = suite('resolveServe');

const LAYERS = `
defaults: { timeout: 30, memory: 256, env: { A: defaults, B: defaults, C: defaults } }
functions:
  hello:
    code: a
    memory: 512
    env: { B: function, C: function }
    routes: [{ path: / }, { path: /, method: POST, version: v2 }]
    versions:
      v2: { code: b, timeout: 60, env: { C: version } }
`;

test('U-55: a version wins over its function, this over the defaults; variables are merged name by name', async () => {
	using bed = new ServeBed();
	const { plans, routes } = await bed.resolve(LAYERS);
	assert.equal([...plans.keys()], ['hello', 'hello@v2']);
	const found = [...plans.values()].map(({ function: fn }) => [
		path.basename(fn.codeRoot),
		fn.version,
		fn.memoryMb,
		fn.timeoutSeconds,
		fn.environment,
	]);
	assert.equal(found, [
		['a', 'latest', 512, 30, { A: 'defaults', B: 'function', C: 'function' }],
		['b', 'v2', 512, 60, { A: 'defaults', B: 'function', C: 'version' }],
	]);
	assert.equal(
		routes.map(({ plan }) => plan),
		['hello', 'hello@v2'],
	);
});

test('U-55: a version that no route names is judged, and not served', async () => {
	using bed = new ServeBed();
	const settings = await bed.resolve('functions: { a: { code: a, versions: { old: { memory: 256 } } } }');
	assert.equal([...settings.plans.keys()], ['a']);
	assert.equal(await bed.places('functions: { a: { code: a, versions: { old: { memory: 1 } } } }'), ['1:55']);
});

const MISTAKEN = `listen: 5
isolaton: direct
functions:
  hello:
    code: a
    memory: 100
    memory: 128
    reserved: { count: 1, tactics: [{ name: x, cron: 5, count: 3, start: now, end: now }] }
    routes:
      - { path: hello, method: post, foo: 1 }
      - { path: /hello, version: v3 }
    versions: { latest: { memory: 512 } }
  2nd: { env: { A: 5 } }
  c: 5
`;

test('U-56: every mistake of the file is told at once, with its line and column', async () => {
	using bed = new ServeBed();
	const places = [
		...['1:9', '2:1', '6:13', '7:5', '8:54', '8:74', '8:84', '10:17', '10:32', '10:38', '11:34', '12:25'],
		...['13:8', '13:8', '13:8', '13:20', '14:6', '14:6', '14:6'],
	];
	assert.equal(await bed.places(MISTAKEN), places);
	const mistakes = await bed.mistakes(MISTAKEN);
	assert.match(mistakes[1]?.problem ?? '', 'nearest is isolation');
	assert.is(mistakes[2]?.source, 'httpfn.yaml:6:13: functions.hello.memory');
	assert.is(mistakes[2]?.position?.file, path.join(bed.path, 'httpfn.yaml'));
});

test('U-56: what functions inherit is wrong once', async () => {
	using bed = new ServeBed();
	const text =
		'defaults: { timeout: 1 }\nfunctions: { a: { code: a, routes: [{ host: a }] }, b: { code: b, routes: [{ host: b }] } }';
	assert.equal(await bed.places(text), ['1:22']);
});

test('U-56: a file without functions, and one that holds no object, are mistakes', async () => {
	using bed = new ServeBed();
	assert.equal(await bed.places('memory: 128'), ['1:1', '1:1']);
	assert.equal(await bed.places('functions: {}'), ['1:12']);
	for (const text of ['', '[]', 'x']) assert.ok((await bed.places(text)).includes('1:1'), text);
});

test('U-59: a function that is alone answers everything; of several each needs routes', async () => {
	using bed = new ServeBed();
	const { routes } = await bed.resolve('functions: { a: { code: a } }');
	assert.equal(routes, [{ host: null, path: '/', match: 'prefix', method: null, plan: 'a' }]);
	const text = 'functions:\n  a: { code: a }\n  b: { code: b, routes: [] }';
	assert.equal(await bed.places(text), ['2:6', '3:25']);
});

test('U-59: a route is a host, a path, a method and a way to match; two that take the same requests are a mistake', async () => {
	using bed = new ServeBed();
	const routes = (list: string) => `functions:\n  a:\n    code: a\n    routes:\n${list}`;
	const good = '      - { host: "*.Example.com", path: /a, method: GET, match: exact }\n';
	assert.equal((await bed.resolve(routes(good))).routes, [
		{ host: '*.example.com', path: '/a', match: 'exact', method: 'GET', plan: 'a' },
	]);
	const wrong = [
		'host: "a:80"',
		'host: "a b"',
		'path: /a?b',
		'path: /a/../b',
		'path: a',
		'method: get',
		'match: glob',
	];
	for (const part of wrong) assert.is((await bed.places(routes(`      - { ${part} }\n`))).length, 1, part);
	const [conflict] = await bed.mistakes(
		routes(`${good}      - { path: /b }\n${good.toLowerCase().replace('get', 'GET')}`),
	);
	assert.is(conflict?.position?.line, 7);
	assert.match(conflict?.problem ?? '', '5:9');
});

test('U-60: a version is not called like that of its function, and has no name of its own', async () => {
	using bed = new ServeBed();
	const text = (version: string) => `functions: { a: { code: a, versions: { ${version} } } }`;
	assert.is((await bed.places(text('latest: {}'))).length, 1);
	assert.is((await bed.places(text('v2: { name: x }'))).length, 1);
	assert.is((await bed.places(text('v2: { version: x }'))).length, 1);
	assert.is((await bed.places(text('"-": {}'))).length, 1);
});

test('U-61: listen, isolation and the log come from a flag, else a variable, else the file', async () => {
	using bed = new ServeBed();
	const text = 'listen: 127.0.0.1:1\nlogLevel: warn\nfunctions: { a: { code: a } }';
	const environment = { HTTPFN_LISTEN: '127.0.0.1:2', HTTPFN_ISOLATION: 'direct' };
	const file = await bed.resolve(text);
	const variable = await bed.resolve(text, { environment });
	const flag = await bed.resolve(text, { environment, flags: { listen: ['127.0.0.1:3'] } });
	const urls = [file, variable, flag].map(({ listen }) => listen.map(pointUrl).join());
	assert.equal(urls, ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3']);
	assert.equal([file.isolation, variable.isolation, flag.logLevel], ['auto', 'direct', 'warn']);
});

test('U-61: a variable that is a setting of functions is a mistake', async () => {
	using bed = new ServeBed();
	const mistakes = await bed.mistakes('functions: { a: { code: a } }', {
		environment: { HTTPFN_MEMORY: '256' },
	});
	assert.equal(
		mistakes.map(({ source }) => source),
		['HTTPFN_MEMORY'],
	);
});

test('U-62: the file is the one that --config names, else HTTPFN_CONFIG, else httpfn.yaml, .yml or .json', async () => {
	using bed = new ServeBed();
	const of = (name: string) => `{"functions": {"${name}": {"code": "a"}}}`;
	const names = async (given = {}) => [...(await bed.resolve(null, given)).plans.keys()];
	const off = { flags: { control: ['off'] } };
	assert.equal(
		(await bed.mistakes(null, off)).map(({ source }) => source),
		['--config'],
	);
	bed.write('httpfn.json', of('json'));
	assert.equal(await names(), ['json']);
	bed.write('httpfn.yml', of('yml'));
	assert.equal(await names(), ['yml']);
	bed.write('httpfn.yaml', of('yaml'));
	assert.equal(await names(), ['yaml']);
	bed.write('other.yaml', of('other'));
	const environment = { HTTPFN_CONFIG: 'other.yaml' };
	assert.equal(await names({ environment }), ['other']);
	assert.equal(await names({ environment, configPath: 'httpfn.yml' }), ['yml']);
	assert.equal((await bed.mistakes(null, { configPath: 'none.yaml' })).length, 1);
});

test('U-130: without a file what was deployed is served; with one there is a control plane only where state or control is named', async () => {
	using bed = new ServeBed();
	const environment = { XDG_STATE_HOME: '/var/states', HOME: '/home/me' };
	const stateless = await bed.resolve(null, { environment });
	assert.equal([stateless.configPath, stateless.plans.size], [null, 0]);
	assert.equal(stateless.control?.listen, { host: '127.0.0.1', port: 9080 });
	assert.match(stateless.control?.stateFolder ?? '', /^\/var\/(?:lib|states)\/httpfn$/);
	const one = 'functions: { a: { code: a } }';
	assert.is((await bed.resolve(one)).control, null);
	assert.is((await bed.resolve(`control: off\nstate: here\n${one}`)).control, null);
	const named = (await bed.resolve(`state: here\n${one}`)).control;
	assert.is(named?.stateFolder, path.join(bed.path, 'here'));
	assert.ok(named?.hide.some((hidden) => hidden.endsWith('httpfn.yaml')));
	const listening = (await bed.resolve('control: 127.0.0.1:0')).control;
	assert.equal(listening?.listen, { host: '127.0.0.1', port: 0 });
	assert.is((await bed.mistakes('control: here')).length, 1);
});

test('U-63: a folder without bootstrap is a mistake at the place that names it', async () => {
	using bed = new ServeBed();
	bed.write('d/start.sh', 'true\n');
	const [first, second, ...more] = await bed.mistakes(
		'functions:\n  a: { code: nowhere, routes: [{ host: a }] }\n  d: { code: d, routes: [{ host: d }] }',
	);
	assert.equal([first?.position?.line, second?.position?.line, more], [2, 3, []]);
	assert.match(first?.problem ?? '', 'ERR_CODE_FOLDER_MISSING');
});

test('U-53: the config file and the env files of all functions are hidden from each', async () => {
	using bed = new ServeBed();
	bed.write('a.env', 'A=1');
	const text =
		'functions:\n  a: { code: a, envFile: a.env, routes: [{ host: a }] }\n  b: { code: b, routes: [{ host: b }] }';
	const { plans } = await bed.resolve(text, { environment: { XDG_RUNTIME_DIR: '/run/x' } });
	const hidden = [
		'/run/x/httpfn',
		path.join(bed.path, 'a.env'),
		path.join(bed.path, 'httpfn.yaml'),
	].toSorted();
	for (const { sandbox } of plans.values()) assert.equal(sandbox.hide, hidden);
});

test.run();
