/** What a packed file says of itself: who made it, and every file that it unpacks to. */
import { Buffer } from 'node:buffer';
import * as z from 'zod/mini';
import { judgeName } from '../catalog/zip-entries.ts';
import { invalid } from './trailer.ts';

const SHA256 = /^[0-9a-f]{64}$/;
const NAME = /^[A-Za-z][\w-]*$/;

const item = () =>
	z.discriminatedUnion('kind', [
		z.strictObject({
			kind: z.literal('file'),
			name: z.string(),
			bytes: z.int().check(z.gte(0)),
			executable: z.boolean(),
			sha256: z.string().check(z.regex(SHA256)),
		}),
		/** One with nothing in it; the others follow from their files. */
		z.strictObject({ kind: z.literal('folder'), name: z.string() }),
		z.strictObject({ kind: z.literal('link'), name: z.string(), target: z.string() }),
	]);

const manifest = () =>
	z.strictObject({
		/** Of the function; of several, that of the config file's folder. Names the folder that it unpacks to. */
		name: z.string().check(z.regex(NAME), z.maxLength(64)),
		/** The executable in it. */
		runtime: z.strictObject({
			version: z.string(),
			commit: z.string(),
			/** `linux-arm64`, `linux-x64-musl`, … */
			target: z.string(),
		}),
		/** `function`: one folder, run as httpfn run does; `config`: what httpfn.yaml in it describes. */
		kind: z.enum(['function', 'config']),
		functions: z.array(
			z.strictObject({
				name: z.string(),
				/** Within what is unpacked. */
				folder: z.string(),
			}),
		),
		/** By name. */
		items: z.array(item()),
	});

export type PackedItem = z.output<ReturnType<typeof item>>;
export type Manifest = z.output<ReturnType<typeof manifest>>;

/** The same for the same manifest. */
export function encodeManifest(given: Manifest): Buffer {
	return Buffer.from(`${JSON.stringify(given)}\n`);
}

/** Throws ERR_PACKED_INVALID. */
export function decodeManifest(bytes: Buffer): Manifest {
	let given: unknown;
	try {
		given = JSON.parse(bytes.toString('utf8'));
	} catch (error) {
		throw invalid('its manifest is no JSON', error);
	}
	const { success, data, error } = manifest().safeParse(given);
	if (success) return judgeNames(data);
	const [issue] = error.issues;
	throw invalid(`its manifest is wrong at ${issue?.path.join('.')}: ${issue?.message}`);
}

/** What is unpacked stays in its folder, whoever wrote the manifest. Throws ERR_PACKED_INVALID. */
function judgeNames(given: Manifest): Manifest {
	try {
		for (const { name } of given.items) judgeName(name);
		for (const { folder } of given.functions) judgeName(folder);
	} catch (error) {
		throw invalid(`its manifest is wrong: ${(error as Error).message}`, error);
	}
	return given;
}
