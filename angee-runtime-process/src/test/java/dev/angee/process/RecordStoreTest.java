package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordStoreTest {
    @TempDir
    Path root;

    @Test
    void a_folder_of_records_that_others_may_read_is_closed_to_them_when_it_is_used_again() throws Exception {
        Path folder = Files.createDirectories(root.resolve("run/processes"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        new RecordStore(root).lockFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void down_has_nothing_to_end_of_a_run_that_is_over_and_forgets_it_without_a_look_R49() throws Exception {
        RecordStore store = new RecordStore(root);
        ProcessRecord over = run("1");
        ProcessRecord running = run("2");
        store.write(over);
        store.write(running);
        Files.writeString(store.result(over), "{}");
        assertThat(store.jobs(RecordStoreTest::fail)).containsExactlyInAnyOrder(over, running);
        assertThat(store.everything(RecordStoreTest::fail)).containsExactly(running);
        List<ProcessRecord> looked = new ArrayList<>();
        store.forgetAllBut(looked::add);
        assertThat(looked).containsExactly(running);
        assertThat(store.jobs(RecordStoreTest::fail)).containsExactly(running);
    }

    private static void fail(AngeeException damaged) {
        throw damaged;
    }

    private static ProcessRecord run(String start) {
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("x"))
                .build();
        return ProcessRecord.intent(job, new Marker("angee." + start), Instant.EPOCH);
    }
}
