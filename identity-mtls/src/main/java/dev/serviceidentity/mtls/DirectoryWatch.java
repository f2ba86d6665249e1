// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads again whenever something in a directory changes, and every ten seconds in case no event
 * comes. Directories are watched and not the files: when Kubernetes replaces {@code ..data}, no
 * event ever arrives for the files themselves. A failed reading is tried again sooner, with growing
 * and jittered pauses.
 */
final class DirectoryWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryWatch.class.getName());
  private static final Duration POLL = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);

  private final List<Path> directories;
  private final Rotation rotation;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final @Nullable WatchService events;
  private final Thread thread;
  private final Map<Path, WatchKey> registrations = new HashMap<>();

  private DirectoryWatch(List<Path> directories, Rotation rotation) {
    this.directories = directories;
    this.rotation = rotation;
    this.events = events(directories.get(0));
    this.thread = new Thread(this::run, "identity-mtls-watch-" + directories.get(0));
    thread.setDaemon(true);
  }

  static DirectoryWatch start(List<Path> directories, Rotation rotation) {
    var watch = new DirectoryWatch(List.copyOf(directories), rotation);
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
        directories.forEach(this::register);
        failures = readAgain(failures) ? 0 : failures + 1;
        rotation.noticeExpiry();
        await(failures == 0 ? POLL : retryPause(failures));
      }
    } catch (InterruptedException | ClosedWatchServiceException stopped) {
      LOG.log(Level.DEBUG, "The watch of {0} has ended", directories);
    }
  }

  private boolean readAgain(int failuresBefore) {
    try {
      rotation.refresh();
      return true;
    } catch (IdentityException e) {
      // Whoever replaces plain files one after the other is caught between them at first.
      if (failuresBefore > 0 && closed.getCount() > 0) {
        rotation.failed(e);
      }
      return false;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Reading " + directories + " failed with an error of this library", e);
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
    } catch (IOException e) {
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

  private static Duration retryPause(int failures) {
    Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
    long millis = Math.min(pause.toMillis(), POLL.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }
}
