CREATE TYPE "Mood.x" AS ENUM ('sad', 'o''k');
