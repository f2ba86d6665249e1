// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.upkeep;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that are mounts by themselves. Kubernetes does so for {@code subPath}, and never updates
 * such a file: a certificate in it ends without having been replaced.
 */
public final class SubPathMounts {
  private static final Logger LOG = System.getLogger(SubPathMounts.class.getName());

  /** The mount point in a line of mountinfo (proc(5)). */
  private static final int MOUNT_POINT = 4;

  private final Path mountInfo;

  /** Of this process. */
  public SubPathMounts() {
    this(Path.of("/proc/self/mountinfo"));
  }

  SubPathMounts(Path mountInfo) {
    this.mountInfo = mountInfo;
  }

  /** Warns of each file that is one. */
  public void warnOf(Collection<Path> files) {
    for (Path file : among(files)) {
      LOG.log(
          Level.WARNING,
          file
              + " is mounted by subPath (or alone), and Kubernetes never updates such a file; mount"
              + " the whole volume as a directory instead");
    }
  }

  List<Path> among(Collection<Path> files) {
    Set<String> mounts = mountPoints();
    return files.stream()
        .filter(file -> mounts.contains(file.toAbsolutePath().normalize().toString()))
        .toList();
  }

  private Set<String> mountPoints() {
    var mounts = new HashSet<String>();
    try {
      for (String line : Files.readAllLines(mountInfo, ISO_8859_1)) {
        String[] fields = line.split(" ", -1);
        if (fields.length > MOUNT_POINT) {
          mounts.add(unescaped(fields[MOUNT_POINT]));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "This system does not tell its mounts", e);
    }
    return mounts;
  }

  /** The kernel writes space, tab, line feed and backslash in octal. */
  private static String unescaped(String mountPoint) {
    return mountPoint
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
