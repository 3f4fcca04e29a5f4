import type { FunctionSettings } from '../contract/function-settings.ts';
import { writtenProgram } from '../process/code-folder.ts';

/** Whether an engine is to run it, by what is known before its first start; never rejects. */
export async function isEdge({ codeRoot, edge }: FunctionSettings): Promise<boolean> {
	return edge !== undefined || (await writtenProgram(codeRoot).catch(() => null)) !== null;
}
