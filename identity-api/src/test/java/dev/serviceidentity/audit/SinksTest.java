// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.serviceidentity.fakes.EventSchema;
import dev.serviceidentity.fakes.FakeEvents;
import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A sink")
class SinksTest {
  private static final AccessEvent EVENT = FakeEvents.admitted("kerberos:alice@SHOP.EXAMPLE");
  private static final AccessEvent OTHER = FakeEvents.admitted("kerberos:bob@SHOP.EXAMPLE");

  @TempDir private Path folder;

  @Test
  void ofJsonLinesWritesOneWholeLineForEachEventAsItComes() throws IOException {
    Path file = folder.resolve("access.jsonl");
    AuditSink sink = AuditSink.jsonLines(file);
    sink.accept(EVENT);
    assertThat(Files.readAllLines(file)).hasSize(1);
    sink.accept(OTHER);
    sink.close();
    assertThat(Files.readString(file)).endsWith("\n");
    assertThat(Files.readAllLines(file)).hasSize(2).allSatisfy(EventSchema.read()::valid);
  }

  @Test
  void ofJsonLinesMakesAFileThatItsOwnerAloneReads() throws IOException {
    Path file = folder.resolve("access.jsonl");
    AuditSink.jsonLines(file).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void ofJsonLinesAppendsToWhatIsThere() throws IOException {
    Path file = folder.resolve("access.jsonl");
    for (AccessEvent event : List.of(EVENT, OTHER)) {
      try (AuditSink sink = AuditSink.jsonLines(file)) {
        sink.accept(event);
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allSatisfy(EventSchema.read()::valid);
  }

  @Test
  void ofJsonLinesEndsALineThatACrashLeftIncomplete() throws IOException {
    Path file = folder.resolve("access.jsonl");
    Files.writeString(file, "{\"schema\":\"serviceident");
    try (AuditSink sink = AuditSink.jsonLines(file)) {
      sink.accept(EVENT);
      sink.accept(OTHER);
    }
    assertThat(Files.readAllLines(file)).hasSize(3);
    assertThat(Files.readAllLines(file).subList(1, 3)).allSatisfy(EventSchema.read()::valid);
  }

  @Test
  void ofJsonLinesSaysThatItsFileCannotBeOpened() {
    for (Path wrong : new Path[] {folder, folder.resolve("missing/access.jsonl")}) {
      assertThatExceptionOfType(IdentityException.class)
          .isThrownBy(() -> AuditSink.jsonLines(wrong))
          .withMessageContaining(wrong.toString())
          .satisfies(
              refused ->
                  assertThat(refused.code()).isEqualTo(IdentityException.Code.CONFIGURATION));
    }
  }

  @Test
  void ofJsonLinesSaysThatAnEventCouldNotBeWritten() {
    AuditSink full = AuditSink.jsonLines(Path.of("/dev/full"));
    assertThatExceptionOfType(java.io.UncheckedIOException.class)
        .isThrownBy(() -> full.accept(EVENT))
        .withMessageContaining("/dev/full");
    full.close();
  }

  @Test
  void inMemoryForgetsTheOldest() {
    var sink = new InMemorySink(2);
    for (AccessEvent event : List.of(EVENT, EVENT, OTHER)) {
      sink.accept(event);
    }
    assertThat(sink.events()).containsExactly(EVENT, OTHER);
    assertThat(sink).hasToString("InMemorySink[2 of 2]");
    assertThatIllegalArgumentException().isThrownBy(() -> new InMemorySink(0));
  }

  @Test
  void inMemoryWaitsForAnEvent() throws Exception {
    var sink = new InMemorySink(2);
    assertThat(sink.await(event -> true, Duration.ofMillis(10))).isEmpty();
    CompletableFuture<AccessEvent> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return sink.await(OTHER::equals, Duration.ofSeconds(60)).orElseThrow();
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
            });
    sink.accept(EVENT);
    sink.accept(OTHER);
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(OTHER);
  }

  @Test
  void thatIsPairedKeepsNoEventFromTheOtherOne() {
    List<AccessEvent> seen = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    AuditSink good =
        new AuditSink() {
          @Override
          public void accept(AccessEvent event) {
            seen.add(event);
          }

          @Override
          public void close() {
            closed.add("good");
          }
        };
    AuditSink broken = new BrokenSink();
    for (AuditSink pair : List.of(good.and(broken), broken.and(good))) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> pair.accept(EVENT))
          .withMessage("full");
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(pair::close);
    }
    assertThat(seen).hasSize(2);
    assertThat(closed).hasSize(2);
  }

  @Test
  void thatIsPairedTellsOfBothFailures() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> new BrokenSink().and(new BrokenSink()).accept(EVENT))
        .satisfies(failed -> assertThat(failed.getSuppressed()).hasSize(1));
  }

  private static final class BrokenSink implements AuditSink {
    @Override
    public void accept(AccessEvent event) {
      throw new IllegalStateException("full");
    }

    @Override
    public void close() {
      throw new IllegalStateException("stuck");
    }
  }
}
