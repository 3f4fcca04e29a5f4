import { templateFiles } from '../../template/template-files.ts';
import type { Template } from '../../template/templates.ts';
import { type FolderChange, writeFolder } from '../../template/write-folder.ts';

export interface NewFunction {
	readonly template: Template;
	/** Absolute. */
	readonly folder: string;
	/** Null: that of the folder. */
	readonly name: string | null;
	readonly force: boolean;
}

/** Writes a template into a folder. Rejects as `writeFolder` does. */
export async function makeFunction({ template, folder, name, force }: NewFunction): Promise<FolderChange> {
	return await writeFolder(folder, await templateFiles(template, name), force);
}
