import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Cors, type CorsRule, preflightMethod } from '../../src/gateway/cors.ts';

const test = suite('CORS');

const RULE: CorsRule = {
	allowOrigins: ['https://a.example'],
	allowMethods: 'GET,PUT',
	allowHeaders: 'X-One',
	exposeHeaders: 'X-Two',
	maxAgeSeconds: 60,
	allowCredentials: true,
};
const asked = (method: string, ...lines: string[]) => ({
	method,
	fieldLines: lines.map((line) => `${line}\r\n`).join(''),
});

test('G-26: a preflight is an OPTIONS with Origin and Access-Control-Request-Method', () => {
	const both = ['Origin: https://a.example', 'access-control-request-method:  PUT '];
	assert.is(preflightMethod(asked('OPTIONS', ...both)), 'PUT');
	assert.is(preflightMethod(asked('GET', ...both)), null);
	assert.is(preflightMethod(asked('OPTIONS', 'Origin: https://a.example')), null);
	assert.is(preflightMethod(asked('OPTIONS', 'Access-Control-Request-Method: PUT')), null);
});

test('G-27: a listed origin is told what it may, by its own name; any other only that answers differ', () => {
	const cors = new Cors(RULE);
	const listed = asked('OPTIONS', 'Origin: https://a.example', 'Access-Control-Request-Method: PUT');
	assert.equal(cors.preflightLines(listed).split('\r\n'), [
		'Access-Control-Allow-Origin: https://a.example',
		'Access-Control-Allow-Credentials: true',
		'Access-Control-Allow-Methods: GET,PUT',
		'Access-Control-Allow-Headers: X-One',
		'Access-Control-Max-Age: 60',
		'Vary: Origin',
		'',
	]);
	assert.equal(cors.answerLines(asked('GET', 'Origin: https://a.example')).split('\r\n'), [
		'Access-Control-Allow-Origin: https://a.example',
		'Access-Control-Allow-Credentials: true',
		'Access-Control-Expose-Headers: X-Two',
		'Vary: Origin',
		'',
	]);
	for (const origin of ['https://b.example', 'https://a.example.evil', 'http://a.example', 'null'])
		assert.is(cors.preflightLines(asked('OPTIONS', `Origin: ${origin}`)), 'Vary: Origin\r\n');
	assert.is(cors.answerLines(asked('GET')), 'Vary: Origin\r\n');
});

test('G-27: with * every origin gets the same answer', () => {
	const cors = new Cors({ ...RULE, allowOrigins: ['*'], allowCredentials: false, exposeHeaders: '' });
	const lines = cors.answerLines(asked('GET', 'Origin: https://b.example'));
	assert.is(lines, 'Access-Control-Allow-Origin: *\r\n');
});

test('G-28: what the function says of it is taken out', () => {
	const lines = 'A: 1\r\naccess-control-allow-origin: *\r\nAccess-Control-Max-Age: 1\r\nVary: B\r\n';
	assert.is(new Cors(RULE).strip(lines), 'A: 1\r\nVary: B\r\n');
});

test.run();
