import * as z from 'zod/mini';

/** What another process said, as JSON. Null where it is nothing of this schema: it may be of another version. */
export function readMessage<T>(schema: z.ZodMiniType<T>, text: string): T | null {
	try {
		const parsed = z.safeParse(schema, JSON.parse(text));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
