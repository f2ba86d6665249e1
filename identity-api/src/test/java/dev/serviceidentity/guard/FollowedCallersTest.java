// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.fakes.SetClock;
import dev.serviceidentity.identity.Health.Status;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.OwnedRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A followed file of allowed callers")
class FollowedCallersTest {
  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private final OwnedRuntime runtime =
      OwnedRuntime.start(clock, refused -> {}, Set.of(), Duration.ofSeconds(10));
  private Path file;
  private FollowedCallers callers;

  @BeforeEach
  void open() throws IOException {
    file = Files.writeString(folder.resolve("callers.txt"), "principal k:web@R\n");
    callers = FollowedCallers.open(file, runtime.runtime());
  }

  @AfterEach
  void close() {
    callers.close();
    runtime.close();
  }

  @Test
  void isReadAgainWhenItIsReplaced() throws Exception {
    assertThat(names("web")).isTrue();

    replace("principal k:batch@R\n");

    await(() -> names("batch"));
    assertThat(names("web")).isFalse();
    assertThat(callers.allowedLately(caller("web"), null)).isTrue();
    assertThat(callers.allowedLately(caller("batch"), null)).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(callers.allowedLately(caller("web"), null)).isFalse();
    assertThat(callers.health().status()).isEqualTo(Status.UP);
  }

  @Test
  void isReadAgainWhenItIsWrittenInPlace() throws Exception {
    Files.writeString(file, "principal k:web@R\nprincipal k:batch@R\n");

    await(() -> names("batch"));
    assertThat(names("web")).isTrue();
  }

  @Test
  void changesNothingButHealthWhileItIsMalformed() throws Exception {
    replace("whoever\n");

    await(() -> callers.health().status() == Status.DEGRADED);
    assertThat(callers.health().detail())
        .startsWith("The allowed callers stay as they were: " + file + ":1: ");
    assertThat(names("web")).isTrue();

    replace("principal k:batch@R\n");
    await(() -> callers.health().status() == Status.UP);
    assertThat(names("web")).isFalse();
  }

  @Test
  void changesNothingButHealthWhileItIsGone() throws Exception {
    Files.delete(file);

    await(() -> callers.health().status() == Status.DEGRADED);
    assertThat(callers.health().detail()).contains("cannot be read");
    assertThat(names("web")).isTrue();

    replace("principal k:web@R\n");
    await(() -> callers.health().status() == Status.UP);
  }

  @Test
  void mustBeThereAtFirst() {
    assertThatThrownBy(() -> FollowedCallers.open(folder.resolve("other.txt"), runtime.runtime()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("other.txt: cannot be read");
  }

  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private boolean names(String name) {
    return callers.allowsSomewhere(caller(name), null);
  }

  private static Caller caller(String name) {
    return Caller.of(PrincipalId.parse("k:" + name + "@R"), SetClock.START, Instant.MAX);
  }

  private static void await(BooleanSupplier done) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in half a minute").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
