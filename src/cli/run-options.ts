/** What `run` does beyond the settings that every command knows, for who is at work on a function. */
import { type Mistake, valueMistake } from '../config/config-error.ts';
import type { CommandOption, Invocation } from './command.ts';
import { ownOption } from './command-options.ts';

const GROUP = 'While you work on it';
const PORT = '9229';

export const WORK_OPTIONS: readonly CommandOption[] = [
	ownOption('--watch', '', GROUP, 'Exchange the function when its folder changes; no request is dropped.'),
	ownOption(
		'--inspect',
		'',
		GROUP,
		'Open a port for a debugger of Node.js, Bun or Python; implies --isolation direct, and gives requests all the time there is.',
	),
	ownOption('--inspect-port', 'N', GROUP, 'That port on 127.0.0.1; implies --inspect.', {
		fallbackText: PORT,
	}),
];

export interface WorkOptions {
	readonly watch: boolean;
	/** Null: no debugger is wanted. */
	readonly inspectPort: number | null;
}

/** `isolation` is what was asked for. Adds what is wrong to `mistakes`. */
export function workOptions(
	{ arguments: { options } }: Pick<Invocation, 'arguments'>,
	isolation: 'auto' | 'namespace' | 'direct',
	mistakes: Mistake[],
): WorkOptions {
	const given = options.get('--inspect-port')?.at(-1);
	const inspect = options.has('--inspect') || given !== undefined;
	const text = given ?? PORT;
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
		mistakes.push(valueMistake('--inspect-port', `found ${JSON.stringify(text)}, wanted 1 to 65535`));
	}
	if (inspect && isolation === 'namespace') {
		const wanted = 'wanted auto or direct: a debugger reaches the network of this host only';
		mistakes.push(valueMistake('--isolation', `found namespace and --inspect, ${wanted}`));
	}
	return { watch: options.has('--watch'), inspectPort: inspect ? port : null };
}
