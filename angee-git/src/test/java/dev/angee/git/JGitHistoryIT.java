package dev.angee.git;

import dev.angee.contract.HistoryContract;
import dev.angee.source.SourceControl;

class JGitHistoryIT extends HistoryContract {
    @Override
    protected SourceControl open() {
        return new JGitSourceControl();
    }
}
