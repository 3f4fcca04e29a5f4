/** How much the gateway takes on before it says 503. */
import * as z from 'zod/mini';
import { LIMITS } from '../contract/limits.ts';
import type { Field } from './field.ts';
import { number } from './field-makers.ts';

const MIB = 1024 * 1024;
const CONNECTIONS_MAX = 1_000_000;
const HELD_MB_MAX = 1_048_576;

const whole = (min: number, max: number) => z.int().check(z.gte(min), z.lte(max));

export const OVERLOAD_FIELDS = {
	connectionsMax: number(
		'Gateway',
		'connections-max',
		'N',
		() => whole(1, CONNECTIONS_MAX),
		LIMITS.connectionsMax,
		{
			wanted: `a whole number from 1 to ${CONNECTIONS_MAX}`,
			sentence: 'Connections of clients at a time; those beyond it are answered 503.',
			example: '20000',
		},
	),
	connectionsPerAddress: number(
		'Gateway',
		'connections-per-address',
		'N',
		() => whole(1, CONNECTIONS_MAX),
		LIMITS.connectionsPerAddressMax,
		{
			wanted: `a whole number from 1 to ${CONNECTIONS_MAX}`,
			sentence:
				'Of one address, or of one /64 of IPv6. Those of this host and of trusted proxies are not counted.',
			example: '100',
		},
	),
	queuedMax: number('Gateway', 'queued-max', 'N', () => whole(0, LIMITS.queueMax), LIMITS.queuedRequestsMax, {
		wanted: `a whole number from 0 to ${LIMITS.queueMax}`,
		sentence:
			'Requests of all functions that wait for an instance at a time; those beyond it are answered 503. No function can take all of it while others want some.',
		example: '1000',
	}),
	heldMemory: number(
		'Gateway',
		'held-memory',
		'MB',
		() => whole(16, HELD_MB_MAX),
		LIMITS.heldBytesMax / MIB,
		{
			wanted: `whole megabytes from 16 to ${HELD_MB_MAX}`,
			sentence:
				'Memory for bodies that are held until they are whole, of all functions together; shared as queued-max is.',
			example: '64',
		},
	),
} as const satisfies Record<string, Field>;

export interface OverloadSettings {
	readonly connectionsMax: number;
	readonly connectionsPerAddressMax: number;
	readonly heldBytesMax: number;
}

/** From judged values. */
export function overloadSettings(values: {
	readonly connectionsMax: number;
	readonly connectionsPerAddress: number;
	readonly heldMemory: number;
}): OverloadSettings {
	const { connectionsMax, connectionsPerAddress, heldMemory } = values;
	return { connectionsMax, connectionsPerAddressMax: connectionsPerAddress, heldBytesMax: heldMemory * MIB };
}
