package dev.angee.internal.change;

/** The same where no file can have a second name. */
class ChangeFaultsWithoutSecondNamesTest extends ChangeFaultsTest {
    @Override
    SecondNames names() {
        return (folder, name, workshop, second) -> false;
    }
}
