/** How often functions may be called. */
import { ConfigError, type Mistake, valueMistake } from '../../config/config-error.ts';
import { ownOption } from '../command-options.ts';
import { policyCommands } from './policy-commands.ts';

const GROUP = 'Throttling';
const UNITS: Readonly<Record<string, string>> = { s: 'SECOND', m: 'MINUTE', h: 'HOUR', d: 'DAY' };
const LIMITS = {
	'--calls': 'api_call_limits',
	'--calls-per-user': 'user_call_limits',
	'--calls-per-app': 'app_call_limits',
	'--calls-per-address': 'ip_call_limits',
} as const;

export const throttleCommands = policyCommands({
	name: 'throttle',
	summary: 'Limit how often functions may be called.',
	wire: {
		noun: 'throttling policy',
		all: 'throttles',
		id: 'id',
		name: 'name',
		bind: (id, apiIds) => ({
			path: 'throttle-bindings',
			body: { strategy_id: id, publish_ids: apiIds },
		}),
		bound: (id) => ({ path: 'throttle-bindings/binded-apis', query: { throttle_id: id } }),
		unbind: (_id, { fields }) => ({
			method: 'DELETE',
			path: `throttle-bindings/${fields.throttle_apply_id}`,
		}),
	},
	add: {
		summary: 'Make a throttling policy; it holds for nothing before it is bound. Prints its id.',
		usage: 'NAME --calls N [--per 1m] [--calls-per-address N] [OPTIONS]',
		notes: ['A call above a limit is answered 429 with Retry-After. No limit is above --calls.'],
		options: [
			ownOption('--calls', 'N', GROUP, 'Calls of each trigger in the time of --per.'),
			ownOption('--calls-per-user', 'N', GROUP, 'Of each user.', { fallbackText: 'no limit' }),
			ownOption('--calls-per-app', 'N', GROUP, 'Of each app.', { fallbackText: 'no limit' }),
			ownOption('--calls-per-address', 'N', GROUP, 'Of each address; IPv6 by /64.', {
				fallbackText: 'no limit',
			}),
			ownOption('--per', 'TIME', GROUP, 'A number and s, m, h or d.', { fallbackText: '1s' }),
			ownOption('--together', '', GROUP, 'Count the calls of all triggers that it holds for together.'),
		],
		examples: [
			['httpfn throttle add main --calls 100', '100 calls a second'],
			[
				'httpfn throttle add main --calls 1000 --calls-per-address 10 --per 1m',
				'and 10 a minute of each address',
			],
		],
	},
	body(name, option) {
		const mistakes: Mistake[] = [];
		const whole = (flag: string): number | undefined => {
			const [text] = option(flag);
			if (text === undefined && flag !== '--calls') return undefined;
			if (text !== undefined && /^[1-9]\d{0,8}$/.test(text)) return Number(text);
			const found = text === undefined ? 'nothing' : JSON.stringify(text);
			mistakes.push(valueMistake(flag, `found ${found}, wanted a whole number of at least 1`));
			return undefined;
		};
		const limits = Object.entries(LIMITS).map(([flag, field]) => [field, whole(flag)] as const);
		const [per = '1s'] = option('--per');
		const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(per) ?? [];
		if (count === '')
			mistakes.push(valueMistake('--per', `found ${JSON.stringify(per)}, wanted such as 1s, 10m, 1h or 1d`));
		if (mistakes.length > 0) throw new ConfigError(mistakes);
		return {
			name,
			type: option('--together').length > 0 ? 2 : 1,
			time_interval: Number(count),
			time_unit: UNITS[unit],
			...Object.fromEntries(limits.filter(([, limit]) => limit !== undefined)),
		};
	},
	columns: ['PER', 'CALLS', 'USER', 'APP', 'ADDRESS', 'COUNTED'],
	cells: ({ fields }) => [
		`${fields.time_interval} ${String(fields.time_unit).toLowerCase()}`,
		...Object.values(LIMITS).map((field) => (fields[field] ? String(fields[field]) : '-')),
		fields.type === 2 ? 'together' : 'each',
	],
});
