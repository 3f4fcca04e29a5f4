/** What let a caller in is no business of the function's. */

/** Fields that carry credentials of APP and IAM callers, in lower case. X-Apig-AppCode never reaches a function anyway. */
const CREDENTIALS = new Set(['authorization', 'x-auth-token', 'x-hw-id', 'x-hw-appkey']);

/** `lines`: field lines, each with CRLF; the rest stays as it is. */
export function withoutCredentials(lines: string): string {
	return lines
		.split(/(?<=\r\n)/)
		.filter((line) => !isCredential(line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase()))
		.join('');
}

function isCredential(lowerName: string): boolean {
	return CREDENTIALS.has(lowerName) || lowerName.startsWith('x-sdk-');
}
