/**
 * The header lines that the platform adds, and the names that only it may set. Lines are Latin-1 text, each
 * `Name: value\r\n`. They come in three parts, by how long they live: for a function, for a connection, for a request.
 */
import { RuntimeError } from './errors.ts';
import type { FunctionSettings } from './function-settings.ts';
import { functionUrn } from './function-urn.ts';
import { badFieldCharacter } from './header-text.ts';
import { hexDigest } from './hex-digest.ts';
import { apigRequestId } from './request-id.ts';

/** What published the function. */
export interface Publication {
	/** 32 hexadecimal digits. */
	readonly apiId: string;
	/** The environment it was published in. */
	readonly stage: string;
}

export interface ClientOrigin {
	/** Address of the client. */
	readonly sourceIp: string;
	/** Addresses from the client to whoever connected here; absent: the client itself did. */
	readonly forwardedFor?: string;
	/** Port it connected to. */
	readonly listenPort: number;
	readonly protocol: 'http' | 'https';
}

const REQUEST_PREFIXES = ['x-cff-', 'x-apig-', 'x-forwarded-'];
const REQUEST_NAMES: ReadonlySet<string> = new Set(['x-real-ip', 'x-request-id']);
const RESPONSE_NAMES: ReadonlySet<string> = new Set([
	'x-cff-request-id',
	'x-request-id',
	'x-httpfn-error',
	'x-func-err-code',
	'x-is-func-err',
]);

/**
 * The lines that are the same for every request of a function on one way. ERR_CONFIG_INVALID for a value no header may hold.
 * Without a publication the function has an API of its own.
 */
export function functionHeaderLines(
	settings: FunctionSettings,
	{ apiId, stage }: Publication = { apiId: ownApiId(settings), stage: 'RELEASE' },
): string {
	const { credentials } = settings;
	const lines =
		line('X-CFF-Memory', String(settings.memoryMb)) +
		line('X-CFF-Timeout', String(settings.timeoutSeconds)) +
		line('X-CFF-Func-Version', settings.version) +
		line('X-CFF-Func-Name', settings.name) +
		line('X-CFF-Project-Id', settings.projectId) +
		line('X-CFF-Package', settings.package) +
		line('X-CFF-Region', settings.region) +
		line('X-Apig-Api-Id', apiId) +
		line('X-Apig-Source-Stage', stage);
	if (credentials === null) return lines;
	return (
		lines +
		line('X-CFF-Access-Key', credentials.accessKey) +
		line('X-CFF-Secret-Key', credentials.secretKey) +
		line('X-CFF-Security-Access-Key', credentials.securityAccessKey) +
		line('X-CFF-Security-Secret-Key', credentials.securitySecretKey) +
		line('X-CFF-Security-Token', credentials.securityToken) +
		line('X-CFF-Auth-Token', credentials.authToken)
	);
}

/** The lines that are the same for every request on one client connection. */
export function connectionHeaderLines(origin: ClientOrigin): string {
	const { sourceIp, forwardedFor = sourceIp, listenPort, protocol } = origin;
	return (
		line('X-Real-IP', sourceIp) +
		line('X-Forwarded-For', forwardedFor) +
		line('X-Forwarded-Port', String(listenPort)) +
		line('X-Forwarded-Proto', protocol) +
		line('X-Apig-Source-Ip', sourceIp)
	);
}

/**
 * The lines of one request. `host` is the client's Host field as the parser let it through: it is not checked
 * again, because this runs for every request.
 */
export function requestHeaderLines(requestId: string, host: string): string {
	const apigId = apigRequestId(requestId);
	return `X-CFF-Request-Id: ${requestId}\r\nX-Apig-Request-Id: ${apigId}\r\nX-Request-Id: ${apigId}\r\nX-Forwarded-Host: ${host}\r\n`;
}

/** The lines that every answer carries, errors included. */
export function responseHeaderLines(requestId: string): string {
	return `X-Cff-Request-Id: ${requestId}\r\nX-Request-Id: ${apigRequestId(requestId)}\r\n`;
}

/** True for a field that a client sends in vain: the platform's own value takes its place. */
export function isReservedRequestHeader(lowerName: string): boolean {
	// 0x78 is 'x': nearly every other field of a request is settled by this one comparison.
	if (lowerName.charCodeAt(0) !== 0x78) return false;
	const name = fold(lowerName);
	return REQUEST_NAMES.has(name) || REQUEST_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** What a client's field is to the gateway: `noted` is X-Stage, which chooses the environment of an API (documented). */
export function requestFieldRole(lowerName: string): 'plain' | 'noted' | 'reserved' {
	if (isReservedRequestHeader(lowerName)) return 'reserved';
	return lowerName === 'x-stage' ? 'noted' : 'plain';
}

/** True for a field that a function sends in vain: the platform's own value takes its place, or none. */
export function isReservedResponseHeader(lowerName: string): boolean {
	if (lowerName.charCodeAt(0) !== 0x78) return false;
	return RESPONSE_NAMES.has(fold(lowerName));
}

/**
 * CGI, WSGI, Rack and PHP hand fields over as variables, where `X_CFF_Region`, `X.CFF.Region` and `X-CFF-Region`
 * become one name. So every sign that is no letter or digit counts as the hyphen.
 */
function fold(lowerName: string): string {
	return /[^a-z0-9-]/.test(lowerName) ? lowerName.replaceAll(/[^a-z0-9]/g, '-') : lowerName;
}

/** 32 hexadecimal digits that stay the same for a function, as an API's id does on the platform. */
function ownApiId(settings: FunctionSettings): string {
	return hexDigest(functionUrn(settings));
}

function line(name: string, value: string): string {
	const at = badFieldCharacter(value);
	if (at !== -1) {
		// The value stays out of the message: it may be a secret.
		const found = (value.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
		throw new RuntimeError(
			'ERR_CONFIG_INVALID',
			`Could not write header ${name}: its value has U+${found} at character ${at + 1}, wanted printable Latin-1 text`,
		);
	}
	return `${name}: ${value}\r\n`;
}
