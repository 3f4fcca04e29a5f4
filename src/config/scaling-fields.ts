/** Settings that decide how many instances a function has, and how many requests each takes. */
import * as z from 'zod/mini';
import { LIMITS } from '../contract/limits.ts';
import { number, structure, text } from './field-makers.ts';

const {
	idleSecondsMax,
	instancesMax,
	queueMax,
	queueSecondsMax,
	requestsPerInstanceDefault,
	requestsPerInstanceMax,
	tacticsMax,
} = LIMITS;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

const whole = (min: number, max: number) =>
	z
		.int(`a whole number from ${min} to ${max}`)
		.check(
			z.gte(min, `a whole number from ${min} to ${max}`),
			z.lte(max, `a whole number from ${min} to ${max}`),
		);
const time = () =>
	z.string(TIME_WANTED).check(
		z.regex(TIME, TIME_WANTED),
		z.refine((value) => !Number.isNaN(Date.parse(value)), TIME_WANTED),
	);
const TIME_WANTED = 'a time with its zone, such as 2026-01-31T08:00:00Z';
const COUNT_WANTED = `0 to ${instancesMax}`;

const tactic = () =>
	z.strictObject({
		name: z
			.string('a name')
			.check(z.minLength(1, 'a name'), z.maxLength(64, 'a name of at most 64 characters')),
		cron: z.string('a cron expression'),
		count: whole(0, instancesMax),
		start: time(),
		end: time(),
	});

const reserved = () =>
	z.union([
		whole(0, instancesMax),
		z.strictObject({
			count: z.optional(whole(0, instancesMax)),
			tactics: z.optional(z.array(tactic()).check(z.maxLength(tacticsMax, `at most ${tacticsMax} tactics`))),
		}),
	]);

export type ReservedValue = z.output<ReturnType<typeof reserved>>;

export const SCALING_FIELDS = {
	concurrency: number('Scaling', 'concurrency', 'N', () => whole(-1, instancesMax), LIMITS.instancesDefault, {
		wanted: `a whole number from 1 to ${instancesMax}, 0 (disabled) or -1 (no limit)`,
		sentence:
			'Most instances at once; 0 disables the function, -1 is no limit (strategy_config.concurrency).',
		example: '10',
	}),
	concurrentNum: number(
		'Scaling',
		'concurrent-num',
		'N',
		() => z.optional(whole(1, requestsPerInstanceMax)),
		undefined,
		{
			fallbackText: `${requestsPerInstanceDefault}; ${requestsPerInstanceMax} where isolation is direct, which has one instance only`,
			wanted: `a whole number from 1 to ${requestsPerInstanceMax}`,
			sentence: 'Requests that one instance works on at once (strategy_config.concurrent_num).',
			example: '100',
		},
	),
	idleTimeout: number(
		'Scaling',
		'idle-timeout',
		'S',
		() => whole(1, idleSecondsMax),
		LIMITS.idleSecondsDefault,
		{
			wanted: `whole seconds from 1 to ${idleSecondsMax}`,
			sentence: 'Seconds after its last request in which an instance is kept.',
			example: '600',
		},
	),
	idle: text('Scaling', 'idle', 'MODE', () => z.enum(['run', 'freeze']), 'run', {
		wanted: 'run or freeze',
		sentence: 'What an idle instance does. freeze: it gets no processor until the next request.',
		example: 'freeze',
	}),
	queue: number('Scaling', 'queue', 'N', () => whole(0, queueMax), LIMITS.queueDefault, {
		wanted: `a whole number from 0 to ${queueMax}`,
		sentence: 'Requests that may wait for an instance; one more is answered with 429.',
		example: '50',
	}),
	queueTimeout: number(
		'Scaling',
		'queue-timeout',
		'S',
		() => whole(1, queueSecondsMax),
		LIMITS.queueSecondsDefault,
		{
			wanted: `whole seconds from 1 to ${queueSecondsMax}`,
			sentence: 'Seconds that a request waits for an instance before it is answered with 429.',
			example: '30',
		},
	),
	reserved: structure('Scaling', 'reserved', 'N', reserved, 0, {
		wanted: `${COUNT_WANTED}, or {count, tactics: [{name, cron, count, start, end}]}`,
		sentence:
			'Instances that are started ahead and kept. In a file also an object: its tactics change the count by time.',
		example: '2',
	}),
} as const;
