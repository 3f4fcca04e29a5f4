import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printable } from '../../../src/cli/printable.ts';
import { ControlClient } from '../../../src/cli/remote/control-client.ts';
import type { ServerError } from '../../../src/cli/remote/server-error.ts';
import { resolveServer, type ServerAddress } from '../../../src/config/server-address.ts';
import type { ErrorCode } from '../../../src/contract/errors.ts';
import { isSignatureOf, parseSdkAuthorization } from '../../../src/contract/sdk-signature.ts';
import { sha256Hex } from './sha256-hex.ts';
import { standInServer } from './stand-in-server.ts';
import { userHome } from './user-home.ts';

const test = suite('ControlClient');
const KEYS = { kind: 'keys', accessKey: 'AK', secretKey: 'SK' } as const;

function address(endpoint: string, more: Partial<ServerAddress> = {}): ServerAddress {
	return { endpoint, projectId: 'p1', region: 'cn', credentials: KEYS, ...more };
}

async function errorOf(promise: Promise<unknown>): Promise<ServerError> {
	try {
		await promise;
	} catch (error) {
		return error as ServerError;
	}
	throw new Error('wanted an error');
}

test('U-107: what is sent is signed whole: query, body, project and all headers', async () => {
	await using server = await standInServer(() => ({ body: {} }));
	const body = { name: '中', list: [1] };
	await new ControlClient(address(server.url)).call('POST', 'fgs/functions/urn:fss:a:!b/code', {
		query: { marker: 0, name: 'a b&c' },
		body,
	});
	const { method, url, headers, body: sent } = server.asked[0] ?? {};
	assert.equal([method, sent], ['POST', body]);
	assert.is(url, '/v2/p1/fgs/functions/urn:fss:a:!b/code?marker=0&name=a+b%26c');
	assert.is(headers?.['x-project-id'], 'p1');
	const authorization = parseSdkAuthorization(headers?.authorization ?? '');
	assert.ok(authorization?.signedHeaders.includes('content-type'));
	const fields = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, `${value}`]));
	const head = { method: 'POST', url: url ?? '', headers: fields };
	const digest = sha256Hex(JSON.stringify(body));
	assert.ok(authorization !== null && isSignatureOf(authorization, head, digest, 'SK'));
});

test('U-107: a token is sent instead of a signature', async () => {
	await using server = await standInServer(() => ({ body: {} }));
	const credentials = { kind: 'token', token: 'T' } as const;
	await new ControlClient(address(server.url, { credentials })).call('GET', 'fgs/quotas');
	const { headers } = server.asked[0] ?? {};
	assert.equal([headers?.['x-auth-token'], headers?.authorization], ['T', undefined]);
});

test('U-102: an error of the platform keeps its code, sentence, status and request id', async () => {
	await using server = await standInServer(() => ({
		status: 409,
		body: { error_code: 'FSS.1061', error_msg: 'The function already exists.' },
	}));
	const error = await errorOf(new ControlClient(address(server.url)).call('POST', 'fgs/functions'));
	const { code, status, serverCode, requestId } = error;
	assert.equal([code, status, serverCode, requestId], ['ERR_SERVER_REFUSED', 409, 'FSS.1061', 'request-1']);
	assert.match(error.message, 'FSS.1061: The function already exists. (request request-1)');
});

test('U-102: an error of httpfn has its own code as well; a page of a proxy is shown in part, and is never "not found"', async () => {
	const own: ErrorCode = 'ERR_VERSION_UNCHANGED';
	await using server = await standInServer(({ url }) =>
		url.endsWith('own')
			? { status: 400, headers: { 'x-httpfn-error': own }, body: { error_code: 'FSS.1016', error_msg: 'x' } }
			: { status: 404, body: '<h1>nothing here</h1>' },
	);
	const client = new ControlClient(address(server.url));
	assert.is((await errorOf(client.call('GET', 'own'))).code, own);
	const page = await errorOf(client.call('GET', 'other'));
	assert.equal([page.status, page.serverCode, page.notFound], [404, '', false]);
	assert.match(page.message, 'nothing here');
});

test('U-102: with --json an error has the server’s code, status and request id apart', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({
		status: 403,
		body: { error_code: 'FSS.0403', error_msg: 'Forbidden' },
	}));
	const { code, stdout, stderr } = await home.httpfn(['list', '--endpoint', server.url, '--json']);
	assert.equal([code, stdout], [1, '']);
	assert.equal(JSON.parse(stderr).server, { status: 403, code: 'FSS.0403', requestId: 'request-1' });
});

test('U-102: an answer that is not the platform’s is an error that names the field', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({ body: { functions: [{ func_urn: 5 }] } }));
	const { code, stderr } = await home.httpfn(['list', '--endpoint', server.url]);
	assert.equal([code, /ERR_\w+/.exec(stderr)?.[0]], [1, 'ERR_SERVER_REFUSED']);
	assert.match(stderr, 'functions.0.func_urn');
});

test('U-103: a server that is not there is ERR_SERVER_UNREACHABLE, and the help says how to start one', async () => {
	await using home = await userHome();
	const { code, stderr } = await home.httpfn(['list', '--endpoint', 'http://127.0.0.1:1']);
	assert.is(code, 1);
	assert.match(stderr, /^httpfn: ERR_SERVER_UNREACHABLE: .*http:\/\/127\.0\.0\.1:1.*\n.*httpfn serve/);
});

test('U-106: redirects are not followed: a signature holds for one address', async () => {
	await using server = await standInServer(() => ({
		status: 302,
		headers: { location: 'http://127.0.0.1:1/' },
	}));
	const error = await errorOf(new ControlClient(address(server.url)).call('GET', 'fgs/functions'));
	assert.equal([error.code, error.status, server.asked.length], ['ERR_SERVER_REFUSED', 302, 1]);
});

test('U-106: without credentials only this machine is spoken to; variables give them, and a context’s own win', async () => {
	await using home = await userHome();
	const environment = { HOME: home.path };
	const resolve = (argv: Record<string, string>, more: Record<string, string> = {}) =>
		resolveServer({
			options: new Map(Object.entries(argv).map(([flag, text]) => [flag, [text]])),
			environment: { ...environment, ...more },
			mistakes: [],
		});
	const far = { '--endpoint': 'https://fn.example.com/' };
	assert.throws(() => resolve(far), 'credentials');
	const variables = { HW_ACCESS_KEY: 'VA', HW_SECRET_KEY: 'VS', HW_PROJECT_ID: 'vp', HW_REGION_NAME: 'vr' };
	assert.equal(resolve(far, variables), {
		endpoint: 'https://fn.example.com',
		projectId: 'vp',
		region: 'vr',
		credentials: { kind: 'keys', accessKey: 'VA', secretKey: 'VS' },
	});
	await home.httpfn(['login', 'https://fn.example.com', '--access-key', 'CA', '--offline'], { input: 'CS' });
	assert.equal(resolve({}, variables).credentials, { kind: 'keys', accessKey: 'CA', secretKey: 'CS' });
	assert.is(resolve({ '--endpoint': 'http://127.0.0.1:9' }).credentials.kind, 'none');
});

test('U-108: control characters of a server reach no terminal', () => {
	assert.is(printable('a\u001b[2Jb\u009bc\u202ed\ne\tf中'), 'a\\u001b[2Jb\\u009bc\\u202ed\ne\tf中');
});

test.run();
