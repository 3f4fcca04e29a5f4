/** Settings that decide what an instance may see and reach, where the host can enforce it. */
import path from 'node:path';
import * as z from 'zod/mini';
import { LIMITS } from '../contract/limits.ts';
import { fileOnly, number, structure } from './field-makers.ts';

const { tmpSizesMb } = LIMITS;
const PATHS_MAX = 100;
const RULES_MAX = 1000;
const MODE_WANTED = 'open, allow or none';
const PATH_WANTED = 'the absolute path of a program';

const mode = () => z.enum(['open', 'allow', 'none'], MODE_WANTED);
const source = () => z.optional(z.nullable(z.string('an address of this host, or null')));
const flag = () => z.optional(z.boolean('true or false'));
const text = (wanted: string) => z.string(wanted).check(z.minLength(1, wanted));

/** Both spellings are known: that of this file, and that of the platform. */
const egress = () =>
	z.union([
		mode(),
		z.strictObject({
			mode: z.optional(mode()),
			allow: z.optional(
				z
					.array(text('an address, a CIDR block or a name, with an optional port'))
					.check(z.maxLength(RULES_MAX, `at most ${RULES_MAX} rules`)),
			),
			publicSource: source(),
			public_source: source(),
			disablePublicNetwork: flag(),
			disable_public_network: flag(),
		}),
	]);

const interpreters = () =>
	z.record(
		z.string().check(z.regex(/^[A-Za-z]+[0-9.]*$/, 'a name such as nodejs18.15 or nodejs')),
		z.string(PATH_WANTED).check(z.refine((value) => path.isAbsolute(value), PATH_WANTED)),
	);

const expose = () =>
	z.array(text('the path of a file or folder')).check(z.maxLength(PATHS_MAX, `at most ${PATHS_MAX} paths`));

export type EgressValue = z.output<ReturnType<typeof egress>>;

export const SANDBOX_FIELDS = {
	tmp: number('Sandbox', 'tmp', 'MB', () => z.literal(tmpSizesMb), 512, {
		wanted: tmpSizesMb.join(' or '),
		sentence: "Megabytes of an instance's own /tmp.",
		example: '10240',
	}),
	egress: structure('Sandbox', 'egress', 'MODE', egress, 'open', {
		wanted: `${MODE_WANTED}, or {mode, allow, publicSource, disablePublicNetwork}`,
		sentence:
			'Where the function may connect to. open: what the host reaches. allow: what the list of the config file has. none: nothing.',
		example: 'none',
	}),
	interpreters: fileOnly(
		'Sandbox',
		'interpreters',
		interpreters,
		{},
		{
			fallbackText: 'those on PATH',
			wanted: "an object of absolute paths by the name of the platform's folder",
			sentence:
				'Programs that stand for the interpreters of the platform, by folder (nodejs18.15) or for all its versions (nodejs).',
			example: '{"python3.9": "/usr/bin/python3.11"}',
		},
	),
	expose: fileOnly('Sandbox', 'expose', expose, [], {
		fallbackText: 'none',
		wanted: 'a list of paths',
		sentence: "Paths of the host that the function may read, beyond the system's own folders.",
		example: '["/srv/models"]',
	}),
} as const;
