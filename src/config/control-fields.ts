/** Settings of the control plane, which only `httpfn serve` has. */
import * as z from 'zod/mini';
import type { Field } from './field.ts';
import { text } from './field-makers.ts';
import { parseListenAddress } from './listen-address.ts';

/** The control plane is not opened. */
export const CONTROL_OFF = 'off';

export const CONTROL_FIELDS = {
	control: text(
		'Control',
		'control',
		'HOST:PORT',
		() => z.string().check(z.refine((value) => value === CONTROL_OFF || parseListenAddress(value) !== null)),
		'127.0.0.1:9080',
		{
			wanted: 'HOST:PORT or [IPV6]:PORT with a port from 0 to 65535, or off',
			sentence:
				"Address of the control plane, which speaks the platform's API; off: there is none, as where a config file names neither this nor state. Other machines need credentials: httpfn help user.",
			example: '127.0.0.1:0',
		},
	),
	state: text('Control', 'state', 'DIR', () => z.optional(z.string().check(z.minLength(1))), undefined, {
		fallbackText: '/var/lib/httpfn for root, else ~/.local/state/httpfn',
		wanted: 'the path of a folder',
		sentence: 'Folder that holds what was deployed; it is made where it is missing.',
		example: '/srv/httpfn',
	}),
} as const satisfies Record<string, Field>;
