package dev.angee.git;

import dev.angee.contract.HistoryContract;
import dev.angee.source.SourceControl;

class GitHistoryIT extends HistoryContract {
    @Override
    protected SourceControl open() {
        return new GitSourceControl(System.getenv());
    }
}
