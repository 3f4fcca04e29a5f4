import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../src/config/config-error.ts';
import { FIELDS, type FieldKey } from '../../src/config/schema.ts';
import {
	mistakesOf,
	resolve,
	type SettingsContext,
	sourcesOf,
	withFolders,
	writeConfig,
} from './settings-bed.ts';

const test = suite<SettingsContext>('resolveSettings');
withFolders(test);

test('U-1: a flag wins over a variable, a variable over the config file, the file over the default', ({
	folder,
}) => {
	assert.is(resolve(folder).function.memoryMb, 128);
	writeConfig(folder, { memory: 256 });
	assert.is(resolve(folder).function.memoryMb, 256);
	const environment = { HTTPFN_MEMORY: '512' };
	assert.is(resolve(folder, { environment }).function.memoryMb, 512);
	assert.is(resolve(folder, { environment, flags: { memory: ['768'] } }).function.memoryMb, 768);
});

test('U-1: a flag turns off what a weaker place turned on', ({ folder }) => {
	writeConfig(folder, { stream: true });
	assert.is(resolve(folder).function.streamResponse, true);
	assert.is(resolve(folder, { environment: { HTTPFN_STREAM: '0' } }).function.streamResponse, false);
	assert.is(resolve(folder, { flags: { stream: ['false'] } }).function.streamResponse, false);
});

test('U-2: every mistake is reported at once, by its place, with what was found and wanted', ({ folder }) => {
	writeConfig(folder, { initTimeout: '5', memroy: 128, logFormat: 'xml' });
	const environment = { HTTPFN_MEMORY: '100', HTTPFN_EAGER: 'maybe' };
	const mistakes = mistakesOf(folder, { environment, flags: { timeout: ['2'], listen: ['8080'] } });
	const sources = mistakes.map(([source]) => source);
	const expected = ['httpfn.json: memroy', 'HTTPFN_MEMORY', '--timeout', 'httpfn.json: initTimeout'];
	assert.equal(
		sources.toSorted(),
		[...expected, 'HTTPFN_EAGER', '--listen', 'httpfn.json: logFormat'].toSorted(),
	);
	for (const [source, problem] of mistakes) {
		assert.match(problem, source.endsWith('memroy') ? /nearest is memory/ : /^found .+, wanted ./);
	}
});

test('U-2: wrong values are ERR_CONFIG_INVALID', ({ folder }) => {
	assert.throws(
		() => resolve(folder, { flags: { memory: ['1'] } }),
		(error: unknown) => error instanceof ConfigError && error.code === 'ERR_CONFIG_INVALID',
	);
});

test('U-3: an unknown HTTPFN_ variable is an error that names the nearest known one', ({ folder }) => {
	const [[source, problem] = ['', '']] = mistakesOf(folder, { environment: { HTTPFN_TIMEOUTS: '4' } });
	assert.is(source, 'HTTPFN_TIMEOUTS');
	assert.match(problem, 'HTTPFN_TIMEOUT');
});

test('U-3: the mark that httpfn leaves on the processes of a function is no setting', ({ folder }) => {
	assert.is(resolve(folder, { environment: { HTTPFN_INSTANCE: '1.2.3' } }).eager, false);
});

test('U-4: text that is no value of its setting is refused, wherever it stands', ({ folder }) => {
	const wrong: Partial<Record<FieldKey, string[]>> = {
		name: ['1st', '', 'a b', 'a-', 'x'.repeat(61)],
		memory: ['', '127', '128.0', '0x80', ' 128', '-128', '1e3', 'lots'],
		timeout: ['2', '259201', '3s', '3.5', '99999999999999999999'],
		initTimeout: ['0', '301', ''],
		listen: ['', ':8080', '127.0.0.1', '127.0.0.1:65536', '1.2.3:80', '::1:80', '[::1]', '[::g]:80', 'a b:1'],
		isolation: ['', 'none', 'Direct'],
		stream: ['', 'yes', 'TRUE'],
		region: ['', 'a:b', 'a b'],
		projectId: ['a\nb'],
		version: ['-'],
		logLevel: ['verbose'],
	};
	for (const [key, texts] of Object.entries(wrong) as [FieldKey, string[]][]) {
		for (const text of texts) {
			assert.equal(sourcesOf(folder, { flags: { [key]: [text] } }), [FIELDS[key].flag], `${key} ${text}`);
			const { variable } = FIELDS[key];
			assert.equal(sourcesOf(folder, { environment: { [variable]: text } }), [variable], `${key} ${text}`);
		}
	}
});

test('U-4: a config file holds JSON types, not text that stands for them', ({ folder }) => {
	writeConfig(folder, { memory: '128', stream: 'true', name: 5, env: { A: 1 } });
	const expected = ['memory', 'stream', 'name', 'env'].map((key) => `httpfn.json: ${key}`);
	assert.equal(sourcesOf(folder, {}).toSorted(), expected.toSorted());
});

test('U-6: variables of the function are merged name by name, the stronger place winning', ({ folder }) => {
	writeConfig(folder, { env: { A: 'file', B: 'file', C: 'file', D: 'file' }, envFile: 'more.env' });
	fs.writeFileSync(path.join(folder, 'more.env'), 'B=dotenv\nC=dotenv\nD=dotenv\n');
	const environment = { HTTPFN_ENV: '{"C":"variable","D":"variable"}' };
	const settings = resolve(folder, { environment, flags: { env: ['D=flag=1', 'E='] } });
	const expected = { A: 'file', B: 'dotenv', C: 'variable', D: 'flag=1', E: '' };
	assert.equal(settings.function.environment, expected);
});

test('U-6: each --env has a name of its own and the form K=V', ({ folder }) => {
	const flags = { env: ['A=1', 'A=2', 'B', '=3', '1C=4', 'RUNTIME_MEMORY=5'] };
	assert.equal(sourcesOf(folder, { flags }), ['--env', '--env', '--env', '--env', '--env']);
});

test('U-6: names and values hold 4,096 characters in all', ({ folder }) => {
	assert.ok(resolve(folder, { flags: { env: [`A=${'x'.repeat(4095)}`] } }));
	assert.is(mistakesOf(folder, { flags: { env: [`A=${'x'.repeat(4095)}`, 'B='] } }).length, 1);
});

test('U-6: a variable that is no JSON object, and an env file that is not there, are errors', ({
	folder,
}) => {
	assert.equal(sourcesOf(folder, { environment: { HTTPFN_ENV: 'A=1' } }), ['HTTPFN_ENV']);
	assert.equal(sourcesOf(folder, { environment: { HTTPFN_ENV: '[]' } }), ['HTTPFN_ENV']);
	assert.equal(sourcesOf(folder, { flags: { envFile: ['none.env'] } }), ['--env-file']);
});

test('U-8: --config names another file; it wins over HTTPFN_CONFIG and the file in the folder', ({
	folder,
}) => {
	writeConfig(folder, { memory: 256 });
	fs.writeFileSync(path.join(folder, 'other.json'), '{"$schema": "x", "memory": 512}');
	fs.writeFileSync(path.join(folder, 'third.json'), '{"memory": 768}');
	const environment = { HTTPFN_CONFIG: 'other.json' };
	assert.is(resolve(folder).configPath, path.join(folder, 'httpfn.json'));
	assert.is(resolve(folder, { environment }).function.memoryMb, 512);
	assert.is(resolve(folder, { environment, configPath: 'third.json' }).function.memoryMb, 768);
});

test('U-8: a config file that was named must be there, and must hold a JSON object', ({ folder }) => {
	assert.equal(sourcesOf(folder, { configPath: 'none.json' }), ['--config']);
	assert.equal(sourcesOf(folder, { environment: { HTTPFN_CONFIG: 'none.json' } }), ['HTTPFN_CONFIG']);
	for (const text of ['', '{"memory": 128,}', '[]', 'null', '"x"']) {
		fs.writeFileSync(path.join(folder, 'httpfn.json'), text);
		assert.equal(sourcesOf(folder, {}), ['httpfn.json'], text);
	}
});

test('U-9: credentials come from the environment or the file, and are used only where the function asks', ({
	folder,
}) => {
	const environment = { HTTPFN_ACCESS_KEY: 'ak', HTTPFN_SECURITY_TOKEN: 'token' };
	assert.is(resolve(folder, { environment }).function.credentials, null);
	writeConfig(folder, { enableAuthInHeader: true, secretKey: 'sk' });
	const { credentials } = resolve(folder, { environment }).function;
	assert.equal([credentials?.accessKey, credentials?.secretKey, credentials?.authToken], ['ak', 'sk', '']);
	assert.ok(Object.values(FIELDS).every(({ secret, flag }) => !secret || flag === null));
});

test('U-9: asking for credentials without having one is an error', ({ folder }) => {
	assert.equal(sourcesOf(folder, { flags: { enableAuthInHeader: ['true'] } }), ['--enable-auth-in-header']);
});

test('U-9: a wrong credential is never shown', ({ folder }) => {
	const [[source, problem] = ['', '']] = mistakesOf(folder, {
		environment: { HTTPFN_SECRET_KEY: 'hush\nhush' },
	});
	assert.is(source, 'HTTPFN_SECRET_KEY');
	assert.not.match(problem, 'hush');
});

test('U-10: a function that streams has at most 300 s', ({ folder }) => {
	assert.ok(resolve(folder, { flags: { stream: ['true'], timeout: ['300'] } }));
	assert.equal(sourcesOf(folder, { flags: { stream: ['true'], timeout: ['301'] } }), ['--timeout']);
	assert.ok(resolve(folder, { flags: { timeout: ['301'] } }));
});

test('U-11: the name is that of the folder, made to fit the rule for names', ({ folder }) => {
	const names = ['hello', 'my function.v2', '2nd-try_', '简', 'x'.repeat(80)];
	const expected = ['hello', 'my-function-v2', 'nd-try', 'function', 'x'.repeat(60)];
	assert.equal(
		names.map((name) => resolve(path.join(folder, name)).function.name),
		expected,
	);
});

test('U-12: --listen takes a name, an IPv4 address, or an IPv6 address in brackets, with a port', ({
	folder,
}) => {
	const listen = (text: string) => resolve(folder, { flags: { listen: [text] } }).listen.map(({ at }) => at);
	const tcp = (host: string, port: number) => [{ kind: 'tcp', host, port }];
	assert.equal(listen('127.0.0.1:0'), tcp('127.0.0.1', 0));
	assert.equal(listen('localhost:65535'), tcp('localhost', 65_535));
	assert.equal(listen('[::1]:8080'), tcp('::1', 8080));
	assert.equal(resolve(folder).listen, [{ at: tcp('127.0.0.1', 8080)[0], secure: false }]);
});

test.run();
