import type { FunctionSettings } from '../contract/function-settings.ts';
import { writtenProgram } from '../process/code-folder.ts';

/** Whether an engine is to run it, by what is known before its first start. */
export function isEdge({ codeRoot, edge }: FunctionSettings): boolean {
	return edge !== undefined || writtenProgram(codeRoot) !== null;
}
