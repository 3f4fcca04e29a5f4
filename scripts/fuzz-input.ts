/** Makes connections worth of requests or responses: mostly sound, then spoilt in the ways that parsers fall out over. */
import type { Side } from './fuzz-codec.ts';
import type { FuzzRandom } from './fuzz-random.ts';

const METHODS = [
	'GET',
	'GET',
	'POST',
	'POST',
	'PUT',
	'HEAD',
	'DELETE',
	'OPTIONS',
	'PATCH',
	'CONNECT',
	'get',
	'X-Y',
] as const;
const TARGETS = [
	...[
		'/',
		'/a/b?c=d',
		'/%e4%bd%a0',
		'/a b',
		'/#f',
		'*',
		'//x/y',
		'/\xe4\xbd\xa0',
		'/?',
		'a',
		'/a\\b',
		'/"<>^`{|}',
	],
	...[
		'http://h/p?q',
		'http://h',
		'http://h?q',
		'HTTP://H:80/',
		'https://u@h/',
		'ftp://h/',
		'h:80',
		'http://',
		'http:///x',
	],
] as const;
const VERSIONS = ['1.1', '1.1', '1.1', '1.1', '1.1', '1.0', '1.2', '2.0', '0.9', '01.1', '1.1 '] as const;
const STATUSES = [
	'200 OK',
	'200',
	'200 ',
	'204 No Content',
	'304 Not Modified',
	'404 \xe4',
	'500 a b',
	'100 Continue',
	'103 x',
	'099 x',
	'600 x',
	'20 x',
	'2000 x',
] as const;
const LENGTHS = [
	'0',
	'3',
	'5',
	'05',
	'5',
	'5',
	'+5',
	'-5',
	'5, 5',
	'5,6',
	'0x5',
	'5 ',
	'5 5',
	'5\t',
	'',
	'1e1',
	'99999999999999999999',
	'٥',
	'5;a',
] as const;
const CODINGS = [
	'chunked',
	'chunked',
	'chunked',
	'Chunked',
	'chunked, chunked',
	'gzip, chunked',
	'identity',
	'chunked;a',
	'xchunked',
	' chunked',
	'chunked\t',
	'\tchunked',
	'\x0bchunked',
	'chunked,',
	'',
] as const;
const FIELDS = [
	...[
		'Host: h',
		'host: a:80',
		'Host: a, b',
		'Host:',
		'Host: [::1]',
		'Accept: */*',
		'X-Empty:',
		'X-Tab:\ta\t',
		'X-Raw: \xe4\xbd\xa0',
	],
	...[
		'Connection: close',
		'Connection: keep-alive',
		'Connection: x-gone, keep-alive',
		'X-Gone: 1',
		'Keep-Alive: timeout=5',
		'Connection: ,',
	],
	...[
		'Upgrade: h2c',
		'Upgrade: websocket\r\nConnection: upgrade',
		'Connection: upgrade',
		'Expect: 100-continue',
		'Expect: more',
		'TE: trailers',
		'Proxy-Connection: close',
		'Proxy-Connection: keep-alive',
		'Proxy-Authorization: x',
		'Proxy-Authenticate: x',
		'Proxy-Authentication-Info: x',
		'Trailer: x',
		'Set-Cookie: a=b',
		'Set-Cookie: c',
	],
	...[
		'Transfer_Encoding: chunked',
		'Content_Length: 1',
		'X: a\r\n b',
		'X : a',
		': a',
		'X',
		'X\x00: a',
		'X: \x00',
		'X: \x7f',
		'X: a\rb',
		'X: a\nY: b',
		'\tX: a',
	],
	...[
		'Transfer-Encoding : chunked',
		'Content-Length : 5',
		'Content-Length:\x0b5',
		'Content-Length:5',
		'\xe4: a',
		'X(Y): a',
		'X: \xa0a\xa0',
	],
] as const;
const SIZES = [
	'0x5',
	'+5',
	'-5',
	'5 ',
	' 5',
	'05',
	'00000000005',
	'fffffffffffffffff',
	'5;a=b',
	'5;a="b"',
	'5 ;a',
	'5;',
	'5\t',
	'',
	'g',
	'5;a\x00',
	'5;\xe4',
] as const;
const SPLICES = [
	'\r',
	'\n',
	'\r\n',
	'\r\n\r\n',
	'\0',
	' ',
	'\t',
	':',
	',',
	';',
	'\x0b',
	'\x7f',
	'\x80',
	'\xff',
	'0',
	'0\r\n\r\n',
	'chunked',
	'\r\n ',
	'\r\r\n',
	'\n\n',
] as const;

/** Latin-1 bytes. */
export function fuzzInput(side: Side, random: FuzzRandom): Buffer {
	let text = random.chance(20) ? '\r\n' : '';
	const count = side === 'request' ? 1 + random.below(3) : 1;
	for (let i = 0; i < count; i++) text += message(side, random);
	const spoils = random.chance(3) ? 1 + random.below(3) : 0;
	for (let i = 0; i < spoils; i++) text = spoilt(text, random);
	return Buffer.from(text, 'latin1');
}

function message(side: Side, random: FuzzRandom): string {
	const odd = random.chance(2);
	const line = side === 'request' ? requestLine(odd, random) : statusLine(odd, random);
	const fields = side === 'request' ? ['Host: h'] : [];
	if (random.chance(12)) fields.pop();
	const fieldCount = random.below(odd ? 4 : 2);
	for (let i = 0; i < fieldCount; i++) fields.push(random.pick(FIELDS));
	const body = framing(fields, random);
	return `${line}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`;
}

function requestLine(odd: boolean, random: FuzzRandom): string {
	if (!odd) return `${random.pick(['GET', 'POST'])} /${random.below(1000)} HTTP/1.1`;
	return `${random.pick(METHODS)} ${random.pick(TARGETS)} HTTP/${random.pick(VERSIONS)}`;
}

function statusLine(odd: boolean, random: FuzzRandom): string {
	return odd ? `HTTP/${random.pick(VERSIONS)} ${random.pick(STATUSES)}` : 'HTTP/1.1 200 OK';
}

/** Adds the fields that frame a body, and answers the body. */
function framing(fields: string[], random: FuzzRandom): string {
	switch (random.below(6)) {
		case 0:
			return '';
		case 1: {
			fields.push(`Content-Length: ${random.pick(LENGTHS)}`);
			return 'hello';
		}
		case 2: {
			fields.push(`Transfer-Encoding: ${random.pick(CODINGS)}`);
			return chunked(random);
		}
		case 3: {
			fields.push(`Content-Length: ${random.pick(LENGTHS)}`, `Transfer-Encoding: ${random.pick(CODINGS)}`);
			return chunked(random);
		}
		case 4: {
			fields.push('Transfer-Encoding: chunked');
			return chunked(random);
		}
		default: {
			fields.push('Content-Length: 5');
			if (random.chance(8)) fields.push(`Content-Length: ${random.pick(LENGTHS)}`);
			return 'hello';
		}
	}
}

function chunked(random: FuzzRandom): string {
	let body = '';
	for (let i = random.below(3); i > 0; i--) {
		body += random.chance(4)
			? `${random.pick(SIZES)}\r\nhello\r\n`
			: random.pick(['5\r\nhello\r\n', 'B\r\nhello world\r\n', '1a\r\nabcdefghijklmnopqrstuvwxyz\r\n']);
	}
	const trailer = random.chance(4) ? `${random.pick(FIELDS)}\r\n` : '';
	return `${body}0${random.chance(10) ? ';last' : ''}\r\n${trailer}\r\n`;
}

function spoilt(text: string, random: FuzzRandom): string {
	const at = random.below(text.length + 1);
	const length = random.below(4);
	switch (random.below(4)) {
		case 0:
			return text.slice(0, at) + text.slice(at + 1 + length);
		case 1:
			return text.slice(0, at) + random.pick(SPLICES) + text.slice(at);
		case 2:
			return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
		default:
			return text.slice(0, at) + text.slice(Math.max(0, at - 8 * length), at) + text.slice(at);
	}
}
