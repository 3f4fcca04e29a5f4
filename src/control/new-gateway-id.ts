import { randomBytes } from 'node:crypto';

/** 32 random hexadecimal digits, as the platform's gateway names what it keeps (observed). */
export function newGatewayId(): string {
	return randomBytes(16).toString('hex');
}
