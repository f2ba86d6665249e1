// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.upkeep;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.Backoff;
import dev.serviceidentity.spi.DaemonThreads;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads again whenever something in a directory changes, and every ten seconds in case no event
 * comes. Directories are watched and not the files: when Kubernetes replaces {@code ..data}, no
 * event ever arrives for the files themselves. A failed reading is tried again sooner, with growing
 * and jittered pauses.
 */
public final class DirectoryWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryWatch.class.getName());
  private static final Duration POLL = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);

  private final List<Path> directories;
  private final Refreshable followed;
  private final Backoff backoff;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final @Nullable WatchService events;
  private final Thread thread;
  // Both are the thread's own.
  private final Map<Path, WatchKey> registrations = new HashMap<>();
  private int errors;

  private DirectoryWatch(List<Path> directories, Refreshable followed, Backoff backoff) {
    this.directories = directories;
    this.followed = followed;
    this.backoff = backoff;
    this.events = directories.isEmpty() ? null : events(directories.get(0));
    this.thread =
        DaemonThreads.named(
                "identity-mtls-watch-" + (directories.isEmpty() ? "memory" : directories.get(0)))
            .newThread(this::run);
  }

  /**
   * Begins to watch.
   *
   * @param files the files that are read; their directories are watched
   * @param followed is read again and again
   * @param random scatters the pauses after failures
   */
  public static DirectoryWatch start(
      Collection<Path> files, Refreshable followed, RandomGenerator random) {
    List<Path> directories =
        files.stream().map(file -> file.toAbsolutePath().getParent()).distinct().toList();
    var watch = new DirectoryWatch(directories, followed, new Backoff(FIRST_RETRY, POLL, random));
    watch.thread.start();
    return watch;
  }

  /** Stops the thread; a reading under way changes nothing any more. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    if (events != null) {
      try {
        events.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "The watch of a directory did not close", e);
      }
    }
  }

  private void run() {
    int failures = 0;
    try {
      while (closed.getCount() > 0) {
        failures = goRound(failures) ? 0 : failures + 1;
        await(failures == 0 ? POLL : backoff.after(failures));
      }
    } catch (InterruptedException | ClosedWatchServiceException stopped) {
      LOG.log(Level.DEBUG, "The watch of {0} has ended", directories);
    }
  }

  private boolean goRound(int failuresBefore) {
    boolean good =
        withoutEnding(
            () -> {
              directories.forEach(this::register);
              return readAgain(failuresBefore);
            });
    boolean inTime =
        withoutEnding(
            () -> {
              followed.noticeTime();
              return true;
            });
    if (good && inTime) {
      errors = 0;
    }
    return good && inTime;
  }

  private boolean withoutEnding(BooleanSupplier part) {
    try {
      return part.getAsBoolean();
    } catch (ClosedWatchServiceException stopped) {
      throw stopped;
    } catch (RuntimeException | Error e) {
      // This thread's outermost loop: after whatever it was, there is another round. An Error that
      // ended it would leave authorities trusted that have been removed.
      LOG.log(
          errors++ == 0 ? Level.WARNING : Level.DEBUG,
          "The watch of " + directories + " met an error and goes on",
          e);
      return false;
    }
  }

  private boolean readAgain(int failuresBefore) {
    try {
      // Whoever replaces plain files one after the other is caught between them at first.
      followed.refresh(failuresBefore > 0);
      return true;
    } catch (IdentityException noGood) {
      return false;
    }
  }

  private void await(Duration pause) throws InterruptedException {
    if (events == null || registrations.isEmpty()) {
      closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
      return;
    }
    WatchKey changed = events.poll(pause.toNanos(), TimeUnit.NANOSECONDS);
    if (changed != null) {
      changed.pollEvents();
      changed.reset();
    }
  }

  /** Also after the directory itself was replaced, which ends the earlier registration. */
  private void register(Path directory) {
    WatchKey registration = registrations.get(directory);
    if (events == null || (registration != null && registration.isValid())) {
      return;
    }
    try {
      registrations.put(
          directory, directory.register(events, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      // The latter two say that it is in another file system than the first directory.
      registrations.remove(directory);
      LOG.log(Level.DEBUG, "No events of " + directory + "; it is read every " + POLL, e);
    }
  }

  private static @Nullable WatchService events(Path directory) {
    try {
      return directory.getFileSystem().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(Level.WARNING, "No events of " + directory + "; it is read every " + POLL, e);
      return null;
    }
  }
}
