import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
	connectionHeaderLines,
	functionHeaderLines,
	isReservedRequestHeader,
	isReservedResponseHeader,
	requestHeaderLines,
	responseHeaderLines,
} from '../../src/contract/headers.ts';
import { SETTINGS } from './settings-fixture.ts';
import { thrown, thrownCode } from './thrown-code.ts';

const test = suite('headers');
const ID = '01234567-89ab-4cde-8f01-23456789abcd';
const HEX = '0123456789ab4cde8f0123456789abcd';
const CREDENTIALS = {
	accessKey: 'ak',
	secretKey: 'sk',
	securityAccessKey: 'sak',
	securitySecretKey: 'ssk',
	securityToken: 'st',
	authToken: 'at',
};

test('C-2: every request carries memory, timeout, version, name, project, package and region of the function', () => {
	const lines = functionHeaderLines(SETTINGS).split('\r\n');
	assert.equal(lines.slice(0, 7), [
		'X-CFF-Memory: 256',
		'X-CFF-Timeout: 30',
		'X-CFF-Func-Version: latest',
		'X-CFF-Func-Name: hello-http',
		'X-CFF-Project-Id: 0910fc31530026f82fd0c018a303517e',
		'X-CFF-Package: default',
		'X-CFF-Region: cn-north-4',
	]);
	assert.match(lines[7] ?? '', /^X-Apig-Api-Id: [0-9a-f]{32}$/);
	assert.equal(lines.slice(8), ['X-Apig-Source-Stage: RELEASE', '']);
});

test('C-2: the API id stays the same for a function and differs between functions', () => {
	const idOf = (name: string): string | undefined =>
		/X-Apig-Api-Id: (\w+)/.exec(functionHeaderLines({ ...SETTINGS, name }))?.[1];
	assert.is(idOf('one'), idOf('one'));
	assert.is.not(idOf('one'), idOf('two'));
});

test('C-3: the six secret headers are sent with credentials and not without', () => {
	const secret =
		/X-CFF-(?:Access-Key|Secret-Key|Security-Access-Key|Security-Secret-Key|Security-Token|Auth-Token): \w+/g;
	assert.is(functionHeaderLines(SETTINGS).match(secret), null);
	assert.equal(functionHeaderLines({ ...SETTINGS, credentials: CREDENTIALS }).match(secret), [
		'X-CFF-Access-Key: ak',
		'X-CFF-Secret-Key: sk',
		'X-CFF-Security-Access-Key: sak',
		'X-CFF-Security-Secret-Key: ssk',
		'X-CFF-Security-Token: st',
		'X-CFF-Auth-Token: at',
	]);
});

test('C-4: a value that could break a header is refused', () => {
	for (const region of ['a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a\0b', 'a\x7fb', '北京']) {
		assert.is(
			thrownCode(() => functionHeaderLines({ ...SETTINGS, region })),
			'ERR_CONFIG_INVALID',
		);
	}
	assert.ok(functionHeaderLines({ ...SETTINGS, region: 'é\tü' }).includes('X-CFF-Region: é\tü\r\n'));
});

test('C-4: the refusal names header and character but never shows the value', () => {
	const credentials = { ...CREDENTIALS, secretKey: 'hunter2\n' };
	const error = thrown(() => functionHeaderLines({ ...SETTINGS, credentials }));
	assert.ok(error?.message.includes('X-CFF-Secret-Key'));
	assert.ok(error?.message.includes('U+000A at character 8'));
	assert.not(error?.message.includes('hunter2'));
});

test('C-5: the client address, port and protocol of a connection are told', () => {
	assert.is(
		connectionHeaderLines({ sourceIp: '192.0.2.7', listenPort: 8080, protocol: 'http' }),
		'X-Real-IP: 192.0.2.7\r\n' +
			'X-Forwarded-For: 192.0.2.7\r\n' +
			'X-Forwarded-Port: 8080\r\n' +
			'X-Forwarded-Proto: http\r\n' +
			'X-Apig-Source-Ip: 192.0.2.7\r\n',
	);
});

test('C-6: a request carries its id in both forms and the host the client asked for', () => {
	assert.is(
		requestHeaderLines(ID, 'example.test:8080'),
		`X-CFF-Request-Id: ${ID}\r\nX-Apig-Request-Id: ${HEX}\r\nX-Request-Id: ${HEX}\r\nX-Forwarded-Host: example.test:8080\r\n`,
	);
});

test('C-7: a client-sent X-CFF, X-Apig, X-Forwarded, X-Real-IP or X-Request-Id header is reserved', () => {
	for (const name of [
		'x-cff-region',
		'x-cff-anything',
		'x-apig-api-id',
		'x-forwarded-for',
		'x-forwarded-host',
		'x-real-ip',
		'x-request-id',
	]) {
		assert.ok(isReservedRequestHeader(name), name);
	}
});

test('C-7: spellings that CGI-style servers fold into a reserved name are reserved too', () => {
	for (const name of [
		'x_cff_region',
		'x-cff_region',
		'x.cff.region',
		'x_real_ip',
		'x_request-id',
		'x~forwarded~for',
	]) {
		assert.ok(isReservedRequestHeader(name), name);
	}
});

test('C-7: other names pass', () => {
	for (const name of [
		'host',
		'x-cf-ray',
		'xcff-region',
		'x-real-ip-2',
		'x-request-ids',
		'x-forwarded',
		'x',
		'_x-cff-a',
	]) {
		assert.not(isReservedRequestHeader(name), name);
	}
});

test('C-8: every answer carries the request id in both forms', () => {
	assert.is(responseHeaderLines(ID), `X-Cff-Request-Id: ${ID}\r\nX-Request-Id: ${HEX}\r\n`);
});

test('C-8: a function can set neither the request id nor the headers of an error', () => {
	for (const name of [
		'x-cff-request-id',
		'x-request-id',
		'x-httpfn-error',
		'x-func-err-code',
		'x_is_func_err',
	]) {
		assert.ok(isReservedResponseHeader(name), name);
	}
	for (const name of ['set-cookie', 'x-cff-other', 'x-powered-by'])
		assert.not(isReservedResponseHeader(name), name);
});

test.run();
